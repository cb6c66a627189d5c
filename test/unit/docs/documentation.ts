import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import GithubSlugger from 'github-slugger'
import { lexer, type Token, walkTokens } from 'marked'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** A fenced block of code. */
export interface CodeBlock {
  /** Of its page, from the project's folder on. */
  file: string
  /** Of its first line of code. */
  line: number
  language: string
  code: string
  /** What a comment before it declares: `<!-- given: const user: { id: string } -->`. */
  given: string
  /** What the page has imported above it, by name: a reader has seen that. */
  imports: ReadonlyMap<string, string>
}

/** A page of the documentation. */
export interface Page {
  file: string
  text: string
  blocks: CodeBlock[]
  /** Headings as they are written, and what a link may name after `#`. */
  headings: string[]
  anchors: Set<string>
  /** Targets of links and sources of images. */
  links: string[]
}

const notDocumentation = /(^|\/)(node_modules|dist|dist-demo|reports|\.\w+)\//

/** All Markdown files of the project, from its folder on. */
export function documentationFiles(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => !notDocumentation.test(`${entry.name}/`))
    .flatMap(entry =>
      entry.isDirectory()
        ? readdirSync(root + entry.name, { recursive: true, encoding: 'utf8' }).map(name => `${entry.name}/${name}`)
        : entry.name,
    )
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => name.endsWith('.md') && !notDocumentation.test(name))
    .sort()
}

export const readPage = (file: string): Page => parsePage(file, readFileSync(root + file, 'utf8'))

export function parsePage(file: string, text: string): Page {
  const page: Page = { file, text, blocks: [], headings: [], anchors: new Set(), links: [] }
  const slugger = new GithubSlugger()
  const imports = new Map<string, string>()
  let given = ''
  let from = 0
  void walkTokens(lexer(text), token => {
    if (token.type === 'code') {
      const whole = text.indexOf(token.raw, from)
      // In a list it is indented.
      const at = whole < 0 ? text.indexOf(token.raw.split('\n', 1)[0]!, from) : whole
      from = at + token.raw.length
      const line = text.slice(0, at).split('\n').length + (token.raw.startsWith('`') ? 1 : 0)
      page.blocks.push({ file, line, language: token.lang ?? '', code: token.text, given, imports: new Map(imports) })
      for (const [name, statement] of importedNames(token.text)) imports.set(name, statement)
    } else if (token.type === 'heading') {
      page.headings.push(token.text)
      page.anchors.add(slugger.slug(plainText(token)))
    } else if (token.type === 'link' || token.type === 'image') page.links.push(token.href)
    else if (token.type === 'html') {
      for (const [, name, value] of token.raw.matchAll(/\s(id|href|src|srcset)="([^"]*)"/g)) {
        if (name === 'id') page.anchors.add(value!)
        else page.links.push(value!)
      }
    }
    if (token.type !== 'space') given = /^<!--\s*given:(.*?)-->\s*$/s.exec(token.raw)?.[1]?.trim() ?? ''
  })
  return page
}

/** The names that code imports, each with a statement that imports it alone. */
function importedNames(code: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, byDefault, list, source] of code.matchAll(/^import (?:(\w+),? ?)?(?:\{(.*?)\} )?from ('.*?')/gms)) {
    if (byDefault) found.set(byDefault, `import ${byDefault} from ${source}`)
    for (const name of list?.match(/\w+/g) ?? []) found.set(name, `import { ${name} } from ${source}`)
  }
  return found
}

/** What a heading shows, without its markup. */
function plainText(token: Token): string {
  if ('tokens' in token && token.tokens) return token.tokens.map(plainText).join('')
  // Not `text`, in which quotes and `&` are HTML already.
  return token.raw.replace(/^`+|`+$/g, '')
}
