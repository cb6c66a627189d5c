/** A request as it leaves the page. */
export interface Sent {
  kind: 'key' | 'signed' | 'plain'
  /** In simulated time. */
  atMs: number
  /** Path and query. */
  path: string
  /** The key that it carries. */
  key: string
  /** Why it must not be: the page knows that the key is dead, or nobody wants one. */
  wrong: string
}

/** Notes what the page sends, by `fetch` and by `XMLHttpRequest`, and of which keys it was told that they are dead. */
export class Traffic {
  sent: Sent[] = []
  /** Keys that were refused or given up in this page, and since when. */
  readonly dead = new Map<string, number>()
  readonly #nowMs: () => number
  readonly #isKeyWanted: () => boolean

  constructor(nowMs: () => number, isKeyWanted: () => boolean) {
    this.#nowMs = nowMs
    this.#isKeyWanted = isKeyWanted
    this.#watchFetch()
    this.#watchXhr()
  }

  #note(url: string, key: string): void {
    const { pathname, search } = new URL(url, location.href)
    const kind = key ? 'signed' : /\/key\/SECU_/.test(pathname) ? 'key' : 'plain'
    const deadAtMs = this.dead.get(key) ?? Number.POSITIVE_INFINITY
    let wrong = ''
    if (kind === 'key' && !this.#isKeyWanted()) wrong = 'asks for a key that nobody wants'
    // A request that was signed when the refusal came may still go.
    if (this.#nowMs() > deadAtMs + 1000) wrong = 'sends a key that it was told is dead'
    if (/SASS_/.test(pathname + search) && !/\/key\/info\?key=/.test(pathname + search)) wrong = 'has a key in a URL'
    this.sent.push({ kind, atMs: this.#nowMs(), path: (pathname + search).replace(/SASS_[^&]*/, 'SASS_…'), key, wrong })
  }

  #noteRefusal(key: string, text: string): void {
    if (key && /"(KEY_EXPIRED|ERR_SASS_INVALID)"/.test(text) && !this.dead.has(key)) this.dead.set(key, this.#nowMs())
  }

  #watchFetch(): void {
    const { fetch } = window
    window.fetch = async (input, init) => {
      const key = input instanceof Request ? (input.headers.get('X-Filerobot-Key') ?? '') : ''
      this.#note(input instanceof Request ? input.url : String(input), key)
      const response = await fetch(input, init)
      // A refusal is short and has its length; what has none may never end.
      if (key && response.status > 399 && response.headers.get('Content-Length')) {
        void response
          .clone()
          .text()
          .then(text => this.#noteRefusal(key, text))
          .catch(() => {})
      }
      return response
    }
  }

  #watchXhr(): void {
    const note = (url: string, key: string) => this.#note(url, key)
    const noteRefusal = (key: string, text: string) => this.#noteRefusal(key, text)
    const urls = new WeakMap<XMLHttpRequest, string>()
    const keys = new WeakMap<XMLHttpRequest, string>()
    const { open, setRequestHeader, send } = XMLHttpRequest.prototype
    XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...args: unknown[]) {
      urls.set(this, String(args[1]))
      ;(open as (...args: unknown[]) => void).apply(this, args)
    }
    XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
      if (name.toLowerCase() === 'x-filerobot-key') keys.set(this, value)
      setRequestHeader.call(this, name, value)
    }
    XMLHttpRequest.prototype.send = function (body) {
      const key = keys.get(this) ?? ''
      note(urls.get(this) ?? '', key)
      this.addEventListener('load', () => {
        const isText = /^(text)?$/.test(this.responseType)
        noteRefusal(key, isText ? this.responseText : JSON.stringify(this.response))
      })
      send.call(this, body)
    }
  }
}
