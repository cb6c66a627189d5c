import { connectionForLink } from '../connection.ts'
import { chooseSigning, isWanted } from '../picture-signing.ts'
import { authState, config, connection, putInAddress } from '../session.ts'
import { chosenTheme, showTheme, type Theme } from '../theme.ts'
import { troubleForLink } from '../trouble.ts'
import { openings, shownWidget } from '../widget-opening.ts'
import { type DemoWidget, demoWidgets } from '../widgets.ts'
import { connectionParameters, themeParameter, troubleParameters, visitorParameter } from './parameters.ts'
import { type LinkedState, oneOf, type Parameter, text } from './read-link.ts'

const widgetIds = demoWidgets.map(({ id }) => id)
const FOLDER = /^\/[^\p{Cc}]{0,300}$/u
const PICTURE = /^https?:\/\/[^\p{Cc}\s]{1,1000}$/u

const widgetList: Parameter = {
  name: 'widget',
  wanted: `${widgetIds.join(', ')}, or several with commas between`,
  accepts: value => value.split(',').every(id => widgetIds.includes(id as DemoWidget['id'])),
}

/** All that a link to the live bench can say. */
export const benchParameters: readonly Parameter[] = [
  ...connectionParameters,
  ...troubleParameters,
  widgetList,
  oneOf('tab', widgetIds),
  text('uploader', 'a folder that begins with /', FOLDER),
  text('image-editor', 'the address of a picture', PICTURE),
  text('spin', 'a folder that begins with /', FOLDER),
  oneOf('worker', ['on', 'off']),
  visitorParameter,
  themeParameter,
]

const ofTrouble = new Set(troubleParameters.map(({ name }) => name))
const ofPage = new Set([...connectionParameters, themeParameter].map(({ name }) => name))

/** What a link says that has to be there before the first key request; the connection and its trouble apart. */
export function showLinkedState(linked: LinkedState): void {
  if (linked['theme']) showTheme(linked['theme'] as Theme)
  if (linked['worker']) chooseSigning(linked['worker'] === 'on')
  const front = linked['tab'] ?? linkedWidgets(linked)[0]
  if (front) shownWidget.value = front as DemoWidget['id']
  for (const { widget, setSubject } of openings) {
    const subject = linked[widget.id]
    if (subject) setSubject(subject)
  }
}

/** Whether a link is about something on the bench, and not just to the page with a connection or a theme. */
export function isAboutBench(linked: LinkedState): boolean {
  return Object.keys(linked).some(name => !ofPage.has(name))
}

/** What to say of a link that would break an API which is not the emulator's. */
export function troubleNotes(linked: LinkedState, isEmulator: boolean): string[] {
  const inVain = isEmulator ? [] : Object.keys(linked).filter(name => ofTrouble.has(name))
  return inVain.map(name => `“${name}” was ignored: only the emulator can be broken on purpose.`)
}

/** Opens the widgets of a link, now that there is a connection. */
export async function openLinkedWidgets(linked: LinkedState): Promise<void> {
  const wanted = linkedWidgets(linked)
  await Promise.all(openings.filter(({ widget }) => wanted.includes(widget.id)).map(opening => opening.open()))
}

/** Puts the present state into the page's address, and returns that. */
export function linkToThisState(): string {
  const open = openings.filter(({ phase }) => phase.value !== 'closed').map(({ widget }) => widget.id)
  const front = shownWidget.value
  const isFrontOpen = open.includes(front)
  // The first of the list is in front.
  const widgets = isFrontOpen ? [front, ...open.filter(id => id !== front)] : open
  putInAddress({
    ...connectionForLink(connection.value, config.value),
    ...troubleForLink(),
    widget: widgets.join(','),
    tab: isFrontOpen || (front === widgetIds[0] && open.length === 0) ? undefined : front,
    ...Object.fromEntries(openings.map(({ widget, typedSubject }) => [widget.id, typedSubject()])),
    worker: isWanted.value ? 'on' : undefined,
    visitor: authState.value.status === 'ready' ? undefined : 'new',
    theme: chosenTheme(),
  })
  return location.href
}

function linkedWidgets(linked: LinkedState): string[] {
  return linked['widget']?.split(',') ?? []
}
