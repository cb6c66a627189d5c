import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { frameworks } from './framework.ts'

const { name: framework, major } = inject('framework')

const usualDepth = Error.stackTraceLimit
beforeEach(() => {
  Error.stackTraceLimit = 200
})
afterEach(() => {
  Error.stackTraceLimit = usualDepth
})

/** The packages whose code is running at the moment, with their major versions: `preact 10`. */
function running(): string[] {
  const folders = [
    ...new Error('who calls').stack!.matchAll(/[^\s()]*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/g),
  ]
  const packages = folders.map(([folder]) => {
    const file = `${folder.startsWith('file:') ? fileURLToPath(folder) : folder}/package.json`
    return JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string }
  })
  return [...new Set(packages.map(({ name, version }) => `${name} ${version.split('.')[0]}`))].filter(name =>
    /^(react|preact)/.test(name),
  )
}

describe.each(frameworks)('tests of %s', (_, { act, element, hooks, mount, open, toHtml, own }) => {
  const packages = framework === 'react' ? [`react-dom ${major}`] : [`preact ${major}`]

  it('run with that version, in rendering, in its hooks and in its effects', async () => {
    const seen: string[] = []
    const note = () => void seen.push(...running())
    const hook = await mount(() => {
      note()
      own.useMemo(note, [])
      own.useEffect(note, [])
    }, {})
    await hook.unmount()
    expect(new Set(seen.filter(name => /^(react-dom|preact) /.test(name)))).toEqual(new Set(packages))
    if (framework === 'react') expect(seen).toContain(`react ${major}`)
  })

  it('run with it on a server too', () => {
    const seen: string[] = []
    toHtml(element(() => void seen.push(...running()), null))
    expect(seen).toContain(framework === 'react' ? `react-dom ${major}` : 'preact-render-to-string 6')
    expect(seen.filter(name => /^(react|preact) /.test(name)).filter(name => !name.endsWith(` ${major}`))).toEqual([])
  })

  it("run with it in what this library's hooks call", async () => {
    const seen: string[] = []
    const auth = {
      state: { status: 'idle' as const, storage: 'memory' as const },
      subscribe: () => {
        seen.push(...running())
        return () => {}
      },
    }
    const root = open(document.createElement('div'))
    await act(() => root.render(element(() => void hooks.useFilerobotKey(auth as never), null)))
    await act(() => root.unmount())
    expect(new Set(seen.filter(name => /^(react-dom|preact) /.test(name)))).toEqual(new Set(packages))
  })
})
