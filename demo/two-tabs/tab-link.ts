import { type Connection, connectionForLink, type DemoConfig } from '../page/connection.ts'
import { connectionParameters, themeParameter, troubleParameters, visitorParameter } from '../page/link/parameters.ts'
import { oneOf, type Parameter, text, writeQuery } from '../page/link/read-link.ts'
import { chosenTheme } from '../page/theme.ts'

/** More would not fit on a screen, and show nothing new. */
export const MOST_TABS = 6

const tabCounts = Array.from({ length: MOST_TABS }, (_, index) => String(index + 1))

/** What a link to the page with the tabs can say. */
export const benchOfTabsParameters: readonly Parameter[] = [
  ...connectionParameters,
  ...troubleParameters,
  oneOf('tabs', tabCounts),
  visitorParameter,
  themeParameter,
]

/** What a link to a single tab can say. */
export const tabParameters: readonly Parameter[] = [
  ...connectionParameters,
  text('name', 'a capital letter', /^[A-Z]$/),
  themeParameter,
]

export function linkToTab(name: string, connection: Connection | undefined, config: DemoConfig | undefined): string {
  return `/tab${writeQuery({ name, ...connectionForLink(connection, config), theme: chosenTheme() })}`
}
