import { describe, expect, test } from 'vitest'
import { SEED } from '../../demo/emulator/index.ts'
import { type FileAnswer, fileOf, startForTest, textFile, tinyPng, wideTemplate } from './fixture.ts'

const listOf = async (response: Response) => ((await response.json()) as { files: FileAnswer[] }).files
const namesOf = async (response: Response) => (await listOf(response)).map(file => file.name)

describe('folder scopes', () => {
  test('a folder means itself, and with a star its sub-folders too', async () => {
    const { emulator, api, upload, obtainKey } = await startForTest()
    emulator.putTemplate({ ...wideTemplate, upload: { folders: ['/a', '/b/*'] }, listing: { folders: ['/a', '/b/*'] } })
    const key = await obtainKey(wideTemplate.id)
    const statuses = async (folder: string) => [
      (await upload(folder, key, [textFile()])).status,
      (await api(`/v4/files?folder=${folder}`, key)).status,
    ]
    for (const folder of ['/a', '/b', '/b/c', '/b/c/d']) expect(await statuses(folder)).toEqual([200, 200])
    for (const folder of ['/', '/a/c', '/bc', '/c']) expect(await statuses(folder)).toEqual([403, 403])
  })

  test('files outside the scope are neither listed nor told of', async () => {
    const { api, upload, obtainKey } = await startForTest()
    const wide = await obtainKey()
    const outside = await fileOf(await upload('/private', wide, [textFile('outside.txt')]))
    await upload('/inbox', wide, [textFile('inside.txt')])
    const narrow = await obtainKey(SEED.narrowTemplateId)
    expect(await namesOf(await api('/v4/files', narrow))).toEqual(['inside.txt'])
    expect((await api(`/v4/files/${outside.uuid}`, narrow)).status).toBe(403)
    expect((await api(`/v4/files/${outside.uuid}`, wide)).status).toBe(200)
  })
})

describe('listing', () => {
  test('sorts, pages and searches', async () => {
    const { api, upload, obtainKey } = await startForTest()
    const key = await obtainKey()
    await upload('/l', key, [textFile('n10.txt', 'x'), textFile('n2.txt', 'xxx'), textFile('m.txt', 'xx')])
    await upload('/l/sub', key, [textFile('deep.txt', 'xxxx')])
    const names = async (query: string) => namesOf(await api(`/v4/files?folder=/l&${query}`, key))
    expect(await names('')).toEqual(['m.txt', 'n2.txt', 'n10.txt'])
    expect(await names('sort=name:desc')).toEqual(['n10.txt', 'n2.txt', 'm.txt'])
    expect(await names('order=size,asc&offset=1&limit=1')).toEqual(['m.txt'])
    expect(await names('recursive=1&q=DEEP')).toEqual(['deep.txt'])
  })

  test('a template may limit the number of calls', async () => {
    const { emulator, api, obtainKey } = await startForTest()
    emulator.putTemplate({ ...wideTemplate, listing: { calls: 2 } })
    const key = await obtainKey(wideTemplate.id)
    const statuses: number[] = []
    for (let i = 0; i < 3; i++) statuses.push((await api('/v4/files?folder=/inbox', key)).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  test('what the stock uploader asks for at its start is answered', async () => {
    const { api, call, obtainKey } = await startForTest()
    const key = await obtainKey()
    const paths = ['settings', 'attributes/keys', 'attributes/tags', 'filters?lang=en', 'tags', 'labels', 'collections']
    for (const path of [...paths, 'folders?folder=/', 'files?folder=/inbox', 'files/stats?folder=/inbox']) {
      const response = await api(`/v5/${path}`, key)
      expect([path, response.status, response.headers.get('Content-Type')]).toEqual([path, 200, 'application/json'])
      expect(await response.json()).toMatchObject({ status: 'success' })
    }
    expect((await call('/public/constants')).status).toBe(200)
  })

  test('folders are told with their parent, made on request, and previewed', async () => {
    const { api, upload, obtainKey } = await startForTest()
    const key = await obtainKey()
    const made = await api('/v5/folders', key, { method: 'POST', body: JSON.stringify({ name: '/made/here' }) })
    const { folder } = (await made.json()) as { folder: { uuid: string } }
    await upload('/made/here', key, [tinyPng()])
    expect(await (await api('/v5/folders?folder=/made', key)).json()).toMatchObject({
      base: { path: '/made', name: 'made' },
      folders: [{ path: '/made/here', name: 'here', count: { files_direct: 1 } }],
    })
    const asked = { method: 'POST', body: JSON.stringify({ folders: [folder.uuid] }) }
    expect(await (await api('/v5/folders/previews', key, asked)).json()).toMatchObject({
      folders: { [folder.uuid]: [{ name: 'tiny.png' }] },
    })
    expect((await api('/v5/folders?folder=/nowhere', key)).status).toBe(404)
  })
})
