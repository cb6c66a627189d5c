import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { documentationFiles, parsePage, readPage, root } from '../../unit/docs/documentation.ts'
import { type Commands, mistakes } from './checks.ts'
import { complaints } from './compiler.ts'
import { compiled, sourceFiles } from './source-files.ts'

const blocks = documentationFiles().flatMap(file => readPage(file).blocks)
const installed = join(inject('appFolder'), 'node_modules/filerobot-widget-auth')

function readPackage(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
    bin?: Record<string, string>
  }
}

/** What the package's command line says of itself; nothing where it has none. */
function help(args: string[]): string {
  const { bin } = readPackage(installed)
  const program = bin?.['filerobot-widget-auth']
  if (!program) return ''
  return spawnSync(process.execPath, [join(installed, program), ...args, '--help'], { encoding: 'utf8' }).stdout
}

describe('the code in the documentation', () => {
  it('compiles, all of it, as an app would that has the package installed', () => {
    const code = blocks.filter(({ language }) => compiled.has(language))
    expect(code.length).toBeGreaterThan(40)
    expect(complaints(code)).toEqual([])
  })

  it('is well-formed where it is not compiled, names commands that exist, and is in a language that is checked', () => {
    const { scripts } = readPackage(root)
    expect(mistakes(blocks, compiled, { scripts: Object.keys(scripts), help })).toEqual([])
  })
})

/** The blocks of a page of a test's own. */
const madeUp = (text: string, file = 'docs/made-up.md') => parsePage(file, text).blocks

describe('code that does not compile', () => {
  const broken: [about: string, text: string, complaint: RegExp][] = [
    ['in JavaScript', '```js\nawait auth.getkey()\n```', /L2\.js\(2,12\).*getkey/],
    ['in JSX', '```jsx\nexport const a = <p title={1} />\n```', /L2\.jsx\(2,\d+\).*string/],
    ['in TypeScript, without a type', '```ts\nexport const f = a => a\n```', /L2\.ts\(2,\d+\).*any/],
    [
      'in a script of a page',
      '```html\n<p>\n<script>\n  FilerobotAuth.createauth()\n</script>\n```',
      /L2\.js\(4,\d+\).*createauth/,
    ],
    ['an `await` in a classic script', '```html\n<script>await auth.getKey()</script>\n```', /L2\.js\(2,\d+\).*await/],
    ['a name from nowhere', '```js\nshowNotice()\n```', /showNotice/],
    ['an option that there is not', "```js\nFilerobotAuth.createAuth({ tokens: 'x' })\n```", /L2\.js\(2,\d+\)/],
    [
      'an entry that there is not',
      "```js\nimport { x } from 'filerobot-widget-auth/vue'\nx()\n```",
      /widget-auth\/vue/,
    ],
    ['in a list', '- so:\n\n  ```js\n  await auth.getkey()\n  ```', /L4\.js\(4,\d+\)/],
  ]
  let found: string[]
  beforeAll(() => {
    found = complaints(broken.flatMap(([, text], n) => madeUp(text, `docs/${n}.md`)))
  })

  it.each(broken.map(([about, , complaint], n) => ({ about, complaint, n })))(
    'is found out, at its line of the page: $about',
    ({ complaint, n }) => {
      expect(found.filter(line => line.startsWith(`docs.${n}.md.`)).join('\n')).toMatch(complaint)
    },
  )

  it('is found out where something is given that is not used, or is no declaration', () => {
    const given = (declarations: string) => () =>
      sourceFiles(madeUp(`<!-- given: ${declarations} -->\n\`\`\`js\nuse(it)\n\`\`\``)[0]!)
    expect(given('const it: string\nfunction use(it: string): void')).not.toThrow()
    expect(given('const that: string')).toThrow('made-up.md:3')
    expect(given('it')).toThrow('made-up.md:3')
  })
})

describe('code that is not compiled', () => {
  const commands: Commands = {
    scripts: ['demo'],
    help: args => (args[0] === 'check' ? 'Options:\n  --token <token>' : 'Commands:\n  check [options]  asks\n  help'),
  }
  it.each([
    ['without a language', '```\nx\n```', 'language ""'],
    ['in a language that nothing checks', '```ruby\nx\n```', 'language "ruby"'],
    ['a shell that cannot read it', '```sh\nif true; then\n```', 'syntax error'],
    ['a script that there is not', '```sh\nnpm run dmeo\n```', 'no script dmeo'],
    ['a command that there is not', '```sh\nnpx filerobot-widget-auth chekc\n```', 'no command chekc'],
    [
      'an option that there is not',
      '```sh\nnpx filerobot-widget-auth check \\\n  --tokens x\n```',
      'no option --tokens',
    ],
    ['JSON with a comment', '```json\n{} // x\n```', 'docs/made-up.md:2'],
    ['a header without a value', '```http\nContent-Security-Policy\n```', 'docs/made-up.md:2'],
  ])('is found out: %s', (_, text, mistake) => {
    expect(mistakes(madeUp(text), compiled, commands).join()).toContain(mistake)
  })

  it('is accepted where it is right', () => {
    const text = [
      '```sh\nnpm ci && npm run demo # both\nnpx filerobot-widget-auth check --token x\n```',
      '```json\n{ "a": 1 }\n```',
      "```http\nContent-Security-Policy: default-src 'none'\n```",
    ].join('\n\n')
    expect(mistakes(madeUp(text), compiled, commands)).toEqual([])
  })
})
