import type { Circumstances, Measured } from '../results.ts'
import { type Table, tablesOf } from './tables.ts'

const INTRODUCTION = `# Benchmarks

What this library costs, beside what a page would otherwise use: [\`@filerobot/core\`](https://www.npmjs.com/package/@filerobot/core) in template mode, which is the stock uploader’s own way to a key; Firebase App Check with a custom provider and auth0-spa-js, which keep a short-lived token of another service’s in the browser; and a \`fetch\` with a \`setTimeout\`, as people paste it. All run in the same Chromium against the same local API over HTTP. Look at the ratios: the times are this machine’s.

![Sizes, times and key requests of the five, as bars](benchmarks.svg)
`

const NOTES: Record<string, string> = {
  Goals: 'What this project has set itself. The benchmark fails where one is missed.',
  Sizes:
    'All by the same bundler (Vite with Rolldown) for ES2022, then minified by Oxc and Terser, `gzip -9`, 1 kB = 1,000 bytes. The token path is what of `@filerobot/core` asks for a key, keeps it and asks again, with the store that it needs.',
  'A good key at once: `peek()`':
    '`@filerobot/core` reads what is in its store, whether it is still good or not. The others have no synchronous way.',
  'A good key from memory: `getKey()`':
    '`getToken` of App Check, `getTokenSilently` of auth0-spa-js, which reads `localStorage` each time; the hand-written one returns its variable, whether it is still good or not. `@filerobot/core` has no such call.',
  'A signed request: `sign()`':
    'No peer makes a `Request`: theirs are a key and a `new Request` by hand. `sign()` checks the origin besides, and forbids redirects.',
  'A signed request and its answer: `fetch()`':
    'Over HTTP on this machine, to the end of the body, preflights remembered. `auth.fetch` reads a short answer once more, for a refusal; `fetchWithAuth` of auth0-spa-js is told to send no `Authorization` header, which the API does not take.',
  'A stored key after a page load':
    'From the page’s scripts’ having run to the key. In each load both were done, the peer and a bare opening of the same database with a read of the same record, in alternating order: what comes second finds the database open. The goal is about the first. auth0-spa-js reads `localStorage`; `@filerobot/core` and the hand-written one store nothing.',
  'A first key':
    'First visits: nothing is stored, and no preflight remembered. The latency is added to each answer by the API. The library writes down the request before it is sent and the key after it, so that all tabs keep to the limit of five a minute. `@filerobot/core` sends a `Content-Type`, which costs a preflight, and uses its key when a second call with another preflight has told its permissions. With auth0-spa-js a visitor is sent away to sign in.',
  'Key requests: all at once':
    'Twenty tabs as a browser opens them again after a restart, within a minute; one tab loaded again every six seconds, its first load not counted. For auth0-spa-js the visitor has signed in an hour before. A use is a widget that wants a key, and good is a key that the API would take. A first `/key` that is refused is not tried again by `@filerobot/core`.',
  'Key requests: an hour':
    'Keys live 20 minutes, and the API gives five a minute. Tabs are opened one a minute, so that this limit stands in nobody’s way, and all are visible: in hidden ones the library renews nothing unless an upload is under way, and the others go on. Each widget uses its key when it is five seconds old and then every five minutes. The tabs are real ones, whose clocks and timers stand still while a request, the database or a lock is under way. For auth0-spa-js the signing in counts. App Check, auth0-spa-js and the hand-written one are set up once for a page, `@filerobot/core` once for a widget, as it sets itself up.',
  'Memory that stays':
    'Of the JavaScript heap after garbage collection, when a twentieth as many had been done before. Made and ended: one is made, gets its key and is ended in its own way: `dispose()`, `close()`, `deleteApp()`; auth0-spa-js has none and is dropped. `@filerobot/core` leaves a timer that holds its store.',
}

const PEERS = `## What the others do that this library does not

- \`@filerobot/core\` is an uploader; its key is a small part of it. It knows a key’s permissions, from \`key/info\`, and hides what they do not allow.
- Firebase App Check proves to a service that a page is the one that it says: its built-in providers attest it with reCAPTCHA. It has debug tokens, tokens of limited use, and works in Firebase’s other libraries without code.
- auth0-spa-js signs a visitor in, keeps the session of several audiences and scopes, renews with rotating refresh tokens, can hide those in a worker, and has DPoP and multi-factor sign-in.
- The hand-written one is a few lines that everybody understands at once. It has no limit, no other tabs, no reload and no sleep.

## Again

\`\`\`sh
npm run bench                   # everything, and this page
npm run bench -- --quick        # few rounds, to see that all runs; the page stays
npm run bench -- --only speed   # or sizes, stored-key, first-key, key-requests, memory
\`\`\`

Times are medians of batches or page loads, one peer after the other in both orders. How it is done stands in [\`test/bench\`](../test/bench).
`

const cell = (text: string) => text.replaceAll('|', '\\|')
const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`

export const markdownTable = ({ head, rows }: Table) =>
  [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')

/** `docs/benchmarks.md`. */
export function markdownOf(measured: Measured, { machine, versions, date }: Circumstances): string {
  const sections = tablesOf(measured).map(table =>
    [`## ${table.title}`, NOTES[table.title], markdownTable(table)].filter(Boolean).join('\n\n'),
  )
  const made = `Measured on ${date} on ${machine}: ${versions.map(({ name, version }) => `${name} ${version}`).join(', ')}.`
  return [INTRODUCTION.trimEnd(), made, ...sections, PEERS].join('\n\n')
}
