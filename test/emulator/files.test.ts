import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { SEED } from '../../demo/emulator/index.ts'
import { type FileAnswer, fileOf, refusal, startForTest, textFile, tinyPng, wideTemplate } from './fixture.ts'

describe('uploading', () => {
  test('a multipart body is stored and delivered again, byte for byte', async () => {
    const { api, emulator, obtainKey } = await startForTest()
    const body = new FormData()
    body.append('info[files[]]', JSON.stringify({ from: 'test' }))
    body.append('meta[files[]]', JSON.stringify({ title: 'Tiny' }))
    body.append('files[]', tinyPng())
    const response = await api('/v4/files?folder=/new/place', await obtainKey(), { method: 'POST', body })
    const { file } = (await response.json()) as { file: FileAnswer }
    expect(file).toMatchObject({
      name: 'tiny.png',
      type: 'image/png',
      extension: 'png',
      folder: { name: '/new/place' },
      info: { img_w: 7, img_h: 5, from: 'test' },
      meta: { title: 'Tiny' },
      visibility: 'public',
      url: { path: '/new/place/tiny.png' },
    })

    const delivered = await fetch(`${file.url.public}&width=300`)
    expect(delivered.headers.get('Content-Type')).toBe('image/png')
    const sha256 = createHash('sha256')
      .update(new Uint8Array(await delivered.arrayBuffer()))
      .digest('hex')
    expect(emulator.files('/new')).toContainEqual(expect.objectContaining({ path: '/new/place/tiny.png', sha256 }))
  })

  test('several files in one body are several uploads', async () => {
    const { upload, obtainKey, emulator } = await startForTest()
    await upload('/inbox', await obtainKey(), [textFile('a.txt'), textFile('b.txt')])
    expect(emulator.counters.uploads).toBe(2)
  })

  test('a data URL or a public file of this server can be uploaded by its URL, nothing else', async () => {
    const { api, upload, obtainKey } = await startForTest()
    const key = await obtainKey()
    const byUrl = (url: string, name?: string) =>
      api('/v4/files?folder=/inbox', key, { method: 'POST', body: JSON.stringify({ files_urls: [{ url, name }] }) })
    expect(await fileOf(await byUrl('data:text/plain,hi', 'hi.txt'))).toMatchObject({ name: 'hi.txt' })
    const { url } = await fileOf(await upload('/a', key, [textFile()]))
    expect(await fileOf(await byUrl(url.public))).toMatchObject({ name: 'note.txt', folder: { name: '/inbox' } })
    expect((await refusal(await byUrl('http://localhost:1/secret'))).code).toBe('ERR_URL_NOT_SUPPORTED')
  })

  test('a body that is no upload is refused', async () => {
    const { api, obtainKey } = await startForTest()
    const key = await obtainKey()
    for (const body of ['', '{}', '{"files_urls":[]}', '{"files_urls":[{}]}', new FormData()])
      expect((await api('/v4/files', key, { method: 'POST', body })).status).toBe(400)
  })

  test('a name cannot lead out of its folder', async () => {
    const { api, upload, obtainKey } = await startForTest()
    const key = await obtainKey()
    expect(await fileOf(await upload('/inbox', key, [textFile('../../up.txt')]))).toMatchObject({
      name: '.._.._up.txt',
      url: { path: '/inbox/.._.._up.txt' },
    })
    const dots = '/v4/files?folder=/inbox/%2e%2e/secret'
    expect((await refusal(await api(dots, key))).code).toBe('ERR_FOLDER_INVALID')
  })

  test('a taken name becomes a new version, or another name where that guess is switched on', async () => {
    const { upload, obtainKey, emulator } = await startForTest()
    const key = await obtainKey()
    const first = await fileOf(await upload('/inbox', key, [textFile('note.txt', 'one')]))
    const second = await fileOf(await upload('/inbox', key, [textFile('note.txt', 'two')]))
    expect(second).toMatchObject({ uuid: first.uuid, name: 'note.txt', version: 2 })
    expect(second.url.public).not.toBe(first.url.public)
    emulator.setFaults({ nameClash: 'rename' })
    expect(await fileOf(await upload('/inbox', key, [textFile('note.txt', 'three')]))).toMatchObject({
      name: 'note_1.txt',
      version: 1,
    })
  })

  test('a taken name is refused, or overwrites with nothing left, where the project is set so; versions are listed', async () => {
    const { api, upload, obtainKey, emulator } = await startForTest()
    const key = await obtainKey()
    const first = await fileOf(await upload('/inbox', key, [textFile('note.txt', 'one')]))
    await upload('/inbox', key, [textFile('note.txt', 'two')])
    const versions = async (uuid: string) => {
      const { versions } = (await (await api(`/v5/file/${uuid}/versions`, key)).json()) as {
        versions: { version: number }[]
      }
      return versions.map(({ version }) => version)
    }
    expect(await versions(first.uuid)).toEqual([2, 1])

    emulator.setFaults({ nameClash: 'refuse' })
    expect(await refusal(await upload('/inbox', key, [textFile('note.txt', 'three')]))).toMatchObject({
      status: 409,
      code: 'FILE_NAME_TAKEN',
    })
    emulator.setFaults({ nameClash: 'overwrite' })
    const third = await fileOf(await upload('/inbox', key, [textFile('note.txt', 'three')]))
    expect(third).toMatchObject({ name: 'note.txt', version: 1 })
    expect(third.uuid).not.toBe(first.uuid)
    expect(await versions(third.uuid)).toEqual([1])
    expect((await api(`/v5/file/${first.uuid}/versions`, key)).status).toBe(404)
  })
})

describe('upload limits', () => {
  async function startWith(upload: {
    perMinute?: number
    perSourceIp?: number
    total?: number
    fileSizeBytes?: number
  }) {
    const started = await startForTest()
    started.emulator.putTemplate({ ...wideTemplate, upload })
    const key = await started.obtainKey(wideTemplate.id)
    const statuses = async (count: number) => {
      const seen: number[] = []
      for (let i = 0; i < count; i++) seen.push((await started.upload('/inbox', key, [textFile()])).status)
      return seen
    }
    return { ...started, key, statuses }
  }

  test('per minute', async () => {
    const { statuses, emulator } = await startWith({ perMinute: 2 })
    expect(await statuses(3)).toEqual([200, 200, 429])
    emulator.setClock({ advanceMs: 60_000 })
    expect(await statuses(1)).toEqual([200])
  })

  test('in total', async () => {
    const { statuses, emulator } = await startWith({ total: 2 })
    emulator.setClock({ advanceMs: 60_000 })
    expect(await statuses(3)).toEqual([200, 200, 429])
  })

  test('in total, counted for all keys of a template where that guess is switched on', async () => {
    const { statuses, upload, obtainKey, emulator } = await startWith({ total: 1 })
    emulator.setFaults({ uploadsCountedPer: 'template' })
    expect(await statuses(1)).toEqual([200])
    expect((await upload('/inbox', await obtainKey(wideTemplate.id), [textFile()])).status).toBe(429)
  })

  test('per source address', async () => {
    const { key, emulator } = await startWith({ perSourceIp: 1 })
    const from = async (address: string) => {
      const body = new FormData()
      body.append('files[]', textFile())
      const init = { method: 'POST', body, headers: { 'X-Filerobot-Key': key } }
      return (await emulator.app.request(`/${SEED.token}/v4/files`, init, { address })).status
    }
    expect([await from('10.0.0.1'), await from('10.0.0.1'), await from('10.0.0.2')]).toEqual([200, 429, 200])
  })

  test('by size, and a body over a limit stores nothing of it', async () => {
    const { upload, key, emulator } = await startWith({ fileSizeBytes: 4 })
    const response = await upload('/inbox', key, [textFile('small.txt', 'x'), textFile('large.txt', 'xxxxx')])
    expect(await refusal(response)).toEqual({ status: 413, code: 'FILE_TOO_LARGE' })
    expect(emulator.counters.uploads).toBe(0)
  })
})

describe('delivery', () => {
  test('a private file needs a good key in the header', async () => {
    const { call, obtainKey, emulator } = await startForTest()
    const fetchPrivate = (headers = {}) => call(`/cdn/${SEED.token}/photos/night-ridge.png?width=300`, { headers })
    expect(await refusal(await fetchPrivate())).toEqual({ status: 403, code: 'FORBIDDEN' })
    const headers = { 'X-Filerobot-Key': await obtainKey() }
    expect((await fetchPrivate(headers)).headers.get('Content-Type')).toBe('image/png')
    emulator.expireKeys()
    expect((await refusal(await fetchPrivate(headers))).code).toBe('KEY_EXPIRED')
    expect((await call(`/cdn/${SEED.token}/photos/fjord.png`)).status).toBe(200)
    expect((await call(`/cdn/${SEED.token}/photos/none.png`)).status).toBe(404)
  })

  test('a file uploaded to a private folder is private', async () => {
    const { upload, obtainKey } = await startForTest()
    const file = await fileOf(await upload('/spin-private', await obtainKey(), [textFile()]))
    expect(file.visibility).toBe('private')
    expect((await fetch(file.url.public)).status).toBe(403)
  })

  test('a key that is not accepted at all is one of the guesses', async () => {
    const { call, obtainKey, emulator } = await startForTest()
    emulator.setFaults({ deliveryAcceptsKey: false })
    const headers = { 'X-Filerobot-Key': await obtainKey() }
    expect((await call(`/cdn/${SEED.token}/photos/night-ridge.png`, { headers })).status).toBe(403)
  })
})
