import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Auth } from '../../src/types.ts'
import { frameworks } from './framework.ts'

const usualDepth = Error.stackTraceLimit
beforeEach(() => {
  Error.stackTraceLimit = 200
})
afterEach(() => {
  Error.stackTraceLimit = usualDepth
})

/** The packages of a framework whose code is running at the moment: `preact 10`. */
function running(): string[] {
  const folders = new Error('who calls').stack!.matchAll(
    /[^\s()]*[\\/]node_modules[\\/](?:react|react-dom|preact|preact-render-to-string)(?=[\\/])/g,
  )
  return [...folders].map(([folder]) => {
    const file = `${folder.startsWith('file:') ? fileURLToPath(folder) : folder}/package.json`
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string }
    return `${name} ${version.split('.')[0]}`
  })
}

const { name, major } = inject('framework')
const inBrowsers = name === 'react' ? [`react ${major}`, `react-dom ${major}`] : [`preact ${major}`]
const onServers = name === 'react' ? [...inBrowsers] : [...inBrowsers, 'preact-render-to-string 6']

describe.each(frameworks)('tests of %s', (_, { act, element, hooks, mount, open, toHtml, own }) => {
  it('run with that version, in rendering, in its hooks and in its effects', async () => {
    const seen: string[] = []
    const note = () => void seen.push(...running())
    const hook = await mount(() => {
      note()
      own.useMemo(note, [])
      own.useEffect(note, [])
    }, {})
    await hook.unmount()
    expect([...new Set(seen)].sort()).toEqual(inBrowsers)
  })

  it('run with it on a server too', () => {
    const seen: string[] = []
    const Component = () => own.useMemo(() => void seen.push(...running()), [])
    toHtml(element(Component, null))
    expect([...new Set(seen)].sort()).toEqual(onServers)
  })

  it("run with it under this library's own hooks", async () => {
    const seen: string[] = []
    const auth = {
      get state() {
        seen.push(...running())
        return { status: 'idle', storage: 'memory' }
      },
      subscribe: () => {
        seen.push(...running())
        return () => {}
      },
    } as unknown as Auth
    const root = open(document.createElement('div'))
    await act(() => root.render(element(() => void hooks.useFilerobotKey(auth), null)))
    await act(() => root.unmount())
    expect([...new Set(seen)].sort()).toEqual(inBrowsers)
  })
})
