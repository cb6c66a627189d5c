import { createAuth } from '../../../../src/index.ts'

// Where the API is comes from the query string: the server's port differs from run to run.
const query = new URLSearchParams(location.search)
export const [apiBase = '', token = '', templateId = ''] = ['apiBase', 'token', 'template'].map(
  name => query.get(name) ?? '',
)
export const auth = createAuth({ apiBase, token, templateId })
export const where = { apiBase, token }

export const live = new Set<string>()
const [make, revoke] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)]
URL.createObjectURL = (blob: Blob) => {
  const url = make(blob)
  // The viewer makes one for its worker's script.
  if (!/javascript/.test(blob.type)) live.add(url)
  return url
}
URL.revokeObjectURL = url => {
  live.delete(url)
  revoke(url)
}

export const told = {
  /** What the hook returned, without repetitions: its status, and whether there was something to show. */
  states: [] as string[],
  errors: [] as string[],
  saved: [] as string[],
  /** How often a viewer was ready to be turned. */
  ready: 0,
  /** How often effects of a component ran: twice for a mount in StrictMode. */
  mounts: 0,
  /** How many pictures a viewer decoded. */
  decoded: 0,
  /** Requests by `fetch` that are under way. */
  inFlight: 0,
}
const decode = globalThis.createImageBitmap.bind(globalThis)
globalThis.createImageBitmap = (source: ImageBitmapSource) => {
  told.decoded += Number(source instanceof HTMLImageElement)
  return decode(source)
}
const send = globalThis.fetch.bind(globalThis)
globalThis.fetch = async (input, init) => {
  told.inFlight++
  try {
    return await send(input, init)
  } finally {
    told.inFlight--
  }
}

export const note = ({ status, error }: { status: string; error?: Error | undefined }, isShown: unknown) => {
  const state = `${status}${isShown ? ', shown' : ''}`
  if (told.states.at(-1) !== state) told.states.push(state)
  if (error) told.errors.push(String(error))
}

export const countMount = () => {
  told.mounts++
}
