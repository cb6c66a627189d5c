import type { CodeBlock } from '../../unit/docs/documentation.ts'

/** A file for the compiler. Its lines are those of the page. */
export interface SourceFile {
  name: string
  code: string
  /** Whether parameters must have types: those of JavaScript have none. */
  isTyped: boolean
}

/** What any page's blocks may use: "goes on with the `auth` of above", and a live `@filerobot/core`. */
const shared = {
  auth: `import('filerobot-widget-auth').Auth`,
  imageUrl: 'string',
  filerobot: `import('@filerobot/core').Core`,
}
/** In docstrings an example has a few lines and no room for its imports. */
const inReference = {
  ...shared,
  url: 'string',
  element: 'HTMLElement',
  key: `import('filerobot-widget-auth').AccessKey`,
  Filerobot: `typeof import('@filerobot/core').default`,
  Explorer: 'unknown',
  XHRUpload: 'unknown',
  self: 'ServiceWorkerScope',
  request: 'Request',
  isSignedIn: '(request: Request) => boolean',
  App: '() => null',
  computed: `typeof import('@preact/signals').computed`,
  FilerobotImageEditor: `typeof import('filerobot-image-editor').default`,
}

/** The languages that are compiled; every other one has a check of its own, or is a mistake. */
export const compiled = new Set(['js', 'jsx', 'ts', 'tsx', 'html'])

/** The files of a block: its code, and the declarations of what it takes as given. */
export function sourceFiles(block: CodeBlock): SourceFile[] {
  const { file, line, language, given, imports } = block
  const code = language === 'html' ? scriptsIn(block.code) : block.code
  const name = `${file.replaceAll('/', '.')}.L${line}`
  const isOpen = (name: string) => isUsed(name, code) && !isDeclared(name, code) && !isDeclared(name, given)
  const seen = [...imports].filter(([name]) => isOpen(name))
  const declarations = [
    ...Object.entries(file.startsWith('docs/api/') ? inReference : shared)
      .filter(([name]) => isOpen(name) && !imports.has(name))
      .map(([name, type]) => `const ${name}: ${type}`),
    ...given.split(/\s*;?\s*\n\s*/).filter(Boolean),
  ].map(declaration => `export declare ${declaration}`)
  const names = declarations.map(declaration => /^export declare (?:const|function|class) (\w+)/.exec(declaration)?.[1])
  const unused = names.find(name => !name || !isUsed(name, code))
  if (unused !== undefined || names.includes(undefined)) {
    throw new Error(`${file}:${line}: what is given is no const, function or class, or is not used: ${given}`)
  }

  const isTyped = language.startsWith('ts')
  const extension = language === 'html' ? 'js' : language
  const head = [
    ...seen.map(([, statement]) => statement),
    ...(names.length > 0 ? [`import { ${names.join(', ')} } from './${name}.given.ts'`] : []),
  ].join('; ')
  const framework = `${head}${code}`.includes('/preact') ? 'preact' : 'react'
  return [
    {
      name: `${name}.${extension}`,
      code: `/** @jsxImportSource ${framework} */ ${head}${'\n'.repeat(line - 1)}${code}\n`,
      isTyped,
    },
    ...(names.length > 0 ? [{ name: `${name}.given.ts`, code: `${declarations.join('\n')}\n`, isTyped }] : []),
  ]
}

const isUsed = (name: string, code: string) => new RegExp(`(?<![-.\\w])${name}\\b(?!['?]?:)`).test(code)
/** By a declaration, or an import. Parameters are the compiler's. */
const isDeclared = (name: string, code: string) =>
  new RegExp(`\\b(const|let|function|class|import)\\b[^=(;\\n'"]*(?<![-.\\w])${name}\\b`).test(code)

/** The inline scripts of a piece of HTML, in their lines: each classic one in a function, as it knows no `await`. */
function scriptsIn(html: string): string {
  let code = ''
  let end = 0
  const skip = (to: number) => {
    code += html.slice(end, to).replace(/[^\n]+/g, '')
    end = to
  }
  for (const { 0: element, 1: attributes, 2: script, index } of html.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gis)) {
    skip(index + element.indexOf('>') + 1)
    if (!/\bsrc=/.test(attributes!)) code += /module/.test(attributes!) ? script : `;(function () {${script}})();`
    end += script!.length
  }
  skip(html.length)
  return code
}
