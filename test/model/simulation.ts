import { openTab, perform } from './actions.ts'
import type { LoadLibrary } from './library.ts'
import { recover } from './recovery.ts'
import { describeSchedule, type Schedule } from './schedule.ts'
import { World } from './world.ts'

/**
 * Runs one schedule from its beginning to the end of everything in it. The same schedule runs the same way each time.
 *
 * @throws {Violation} the first rule that does not hold
 */
export async function simulate(
  { setup, steps }: Schedule,
  load: LoadLibrary,
  rejections: { take(): unknown[] },
  trace?: string[],
): Promise<World> {
  const world = new World(setup, load, rejections, trace)
  for (const { isVisible, isSubscribed } of setup.tabs) openTab(world, isVisible, isSubscribed)
  await world.timeline.pass(0)
  for (const [number, step] of steps.entries()) {
    await world.timeline.pass(step.afterMs)
    world.note(() => `— step ${number + 1}: ${step.do}`)
    await perform(world, step)
    await world.timeline.pass(0)
  }
  await recover(world)
  return world
}

/** A schedule, and what happened in it, for who has to find out why. */
export async function explain(
  schedule: Schedule,
  load: LoadLibrary,
  rejections: { take(): unknown[] },
): Promise<string> {
  const trace: string[] = []
  await simulate(schedule, load, rejections, trace).catch(() => {})
  return `${describeSchedule(schedule)}\n\nWhat happened:\n${trace.join('\n')}`
}
