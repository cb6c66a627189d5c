import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, it } from 'vitest'

const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const dist = join(inject('appFolder'), 'node_modules/filerobot-widget-auth/dist')
const read = (file: string) => readFileSync(join(dist, file), 'utf8')

/** The packages that a file was made from, by its source map. */
function packagesIn(file: string): string[] {
  const { sources } = JSON.parse(read(`${file}.map`)) as { sources: string[] }
  const names = sources.flatMap(source => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [])
  return [...new Set(names)].sort()
}

const titles = (licences: string) => [...licences.matchAll(/^## (\S+ - \S+) \(.+\)$/gm)].map(([, title]) => title)

describe('the licences of what is built into the package', () => {
  it.each(['filerobot-widget-auth.global.js', 'filerobot-widget-auth.service-worker.js'])(
    'lie beside what a page loads: %s',
    file => {
      const versionOf = (name: string) =>
        JSON.parse(readFileSync(inProject(`node_modules/${name}/package.json`), 'utf8'))
      const names = packagesIn(file)
      expect(names).toEqual(['idb-keyval'])
      expect(titles(read('LICENSES.md'))).toEqual(names.map(name => `${name} - ${versionOf(name).version}`))
    },
  )

  it('are passed on word for word', () => {
    const given = readFileSync(inProject('node_modules/idb-keyval/LICENCE'), 'utf8').trim()
    expect(given).toMatch(/Apache License, Version 2\.0/)
    for (const file of ['LICENSES.md', 'node/LICENSES.md']) expect(read(file)).toContain(given)
  })

  it('are needed for nothing else: the modules have no code of others in them', () => {
    const modules = readdirSync(dist).filter(name => name.endsWith('.js.map') && !name.startsWith('filerobot-'))
    expect(modules).toEqual(expect.arrayContaining(['react.js.map', 'widgets.js.map']))
    expect(modules.flatMap(name => packagesIn(name.replace(/\.map$/, '')))).toEqual([])
  })
})
