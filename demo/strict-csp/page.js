// The page's own script. Classic, without a build, and in the head, so that nothing goes before it.
'use strict'
;(() => {
  const { files: filesUrl } = document.currentScript.dataset
  const PRIVATE_PICTURE = 'night-ridge.png'

  try {
    const theme = localStorage.getItem('filerobot-demo.theme')
    if (theme) document.documentElement.dataset.theme = theme
  } catch {}

  const violations = []
  const showViolations = () => {
    const count = document.querySelector('#count')
    // The head is read before the body.
    if (!count) return
    count.textContent = violations.length === 1 ? '1 violation' : `${violations.length} violations`
    count.dataset.status = violations.length === 0 ? 'ready' : 'error'
    document.querySelector('#violations').replaceChildren(
      ...violations.map(({ directive, what }) => {
        const item = document.createElement('li')
        const name = document.createElement('code')
        name.textContent = directive
        item.append(name, ` ${what}`)
        return item
      }),
    )
  }
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
    const where = sourceFile ? `, by ${sourceFile.split('/').pop()}:${lineNumber}` : ''
    violations.push({ directive: effectiveDirective, what: `${blockedURI}${where}` })
    showViolations()
  })

  /** What the policy forbids, and a page that breaks it would do. */
  const breakPolicy = () => {
    for (const attempt of [
      () => document.body.insertAdjacentHTML('beforeend', '<b>HTML out of a string</b>'),
      // oxlint-disable-next-line typescript/no-implied-eval -- is refused, which is what it is for
      () => new Function('return 1')(),
      () => document.body.setAttribute('style', 'color: red'),
      () => fetch('/demo-config.json').catch(() => {}),
      () => Object.assign(new Image(), { src: '/picture-from-the-wrong-place.png' }),
    ]) {
      try {
        attempt()
      } catch {
        // Refused, and told of by the event.
      }
    }
  }

  const clock = atMs => new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' }).format(atMs)

  const showKey = () => {
    const status = document.querySelector('#status')
    const { key, error } = FilerobotAuth.auth?.state ?? {}
    if (!status || !(key || error)) return
    status.dataset.status = key ? 'ready' : 'error'
    status.textContent = key ? `Ready, good until ${clock(key.expiresAtMs)}` : `No key: ${error.code}`
  }
  document.addEventListener('filerobot-auth:change', showKey)
  document.addEventListener('filerobot-auth:error', showKey)

  const row = ({ name, size }) => {
    const item = document.createElement('li')
    const cells = [name, `${Math.round(size.bytes / 1000)} kB`].map(text => {
      const cell = document.createElement('span')
      cell.textContent = text
      return cell
    })
    item.append(...cells)
    return item
  }

  const list = async () => {
    const { auth } = FilerobotAuth
    const response = await auth.fetch(filesUrl)
    if (!response.ok) throw new Error(`The API answered ${response.status}`)
    const { files } = await response.json()
    document.querySelector('#files').replaceChildren(...files.map(row))
    const found = files.find(({ name }) => name === PRIVATE_PICTURE)
    if (found) await showPicture(found)
    return files.length
  }

  /** A plain `<img>` cannot send the key: fetched with it, and shown as a `blob:`. */
  const showPicture = async ({ url }) => {
    const picture = document.querySelector('#picture')
    const response = await FilerobotAuth.auth.fetch(url.cdn)
    if (!response.ok || !picture.hidden) return
    picture.src = URL.createObjectURL(await response.blob())
    picture.hidden = false
  }

  const listAndSay = async () => {
    const says = document.querySelector('#again-says')
    try {
      says.textContent = `${await list()} files, listed at ${clock(Date.now())}`
    } catch (error) {
      says.textContent = error.message
    }
  }

  const whenRead = new Promise(resolve => document.addEventListener('DOMContentLoaded', resolve, { once: true }))
  // The library may come before this or after it: once there is a key, it has announced it.
  const whenKey = new Promise(resolve => document.addEventListener('filerobot-auth:ready', resolve, { once: true }))

  const start = async () => {
    await whenRead
    showViolations()
    if (globalThis.FilerobotAuth) showKey()
    document.querySelector('#break').addEventListener('click', breakPolicy)
    document.querySelector('#again').addEventListener('click', () => void listAndSay())
    await whenKey
    showKey()
    await listAndSay()
  }
  void start()
})()
