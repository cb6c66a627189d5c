import { call } from '../site.ts'

/** Runs before the library is loaded: notes how the page was shown each time. */
export const noteShows = call(() => {
  window.shows = []
  addEventListener('pageshow', ({ persisted }) => window.shows.push(persisted))
})

/** Runs before the library is loaded, in simulated time: while the page is away, half an hour goes by. */
export const sleepAway = call(() =>
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) window.time.sleep(30 * 60_000)
  }),
)

/**
 * Runs before the library is loaded, which then does not learn that the page is shown: a driver that looks at a tab may
 * bring it to the front, and the library would look into storage for that alone.
 */
export const unseen = call(() => addEventListener('visibilitychange', event => event.stopImmediatePropagation()))
