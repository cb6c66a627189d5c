// Reads what each entry of the package exports out of the declarations that `npm run build` makes, by API Extractor.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { parseAst } from 'vite'

/**
 * @typedef {{ kind: string, text: string }} Token a piece of a declaration; a `Reference` is a name
 * @typedef {{ startIndex: number, endIndex: number }} TokenRange
 * @typedef {object} Item a declaration or a member, as API Extractor's model has it
 * @property {string} kind `'Function'`, `'Interface'`, `'Property'`, …
 * @property {string} name
 * @property {string} docComment
 * @property {Token[]} excerptTokens
 * @property {Item[]} [members]
 *
 * @typedef {object} Entry
 * @property {string} specifier what is written in an import
 * @property {string} page its page's file name, without the extension
 * @property {Item[]} exported
 * @property {Item[]} hidden what is named by those, and not exported here
 * @property {string} report all of it as API Extractor's report has it, in Markdown
 */

/** @returns {Entry[]} in the order of package.json */
export function readEntries(root) {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const entries = Object.entries(exports).filter(([, { types }]) => types)
  const files = entries.map(([, { types }]) => join(root, types))
  const folder = mkdtempSync(join(tmpdir(), 'api-'))
  files.forEach((_, n) => mkdirSync(join(folder, String(n))))
  try {
    const configs = files.map((file, n) => extractorConfig(root, file, files, join(folder, String(n))))
    const compilerState = CompilerState.create(configs[0], { additionalEntryPoints: files })
    return entries.map(([path], n) => {
      const messageCallback = message => {
        // Its own opinions on release tags and forgotten exports are not asked for; `doc-comment.mjs` reads comments.
        message.handled = true
      }
      Extractor.invoke(configs[n], { localBuild: true, compilerState, messageCallback })
      const model = JSON.parse(readFileSync(configs[n].apiJsonFilePath, 'utf8'))
      const items = model.members[0].members.map(item => asWritten(item, root))
      const isExported = ({ canonicalReference }) => !canonicalReference.includes('!~')
      return {
        specifier: name + path.slice(1),
        page: pageOf(path),
        exported: items.filter(isExported),
        hidden: items.filter(item => !isExported(item)),
        report: readFileSync(configs[n].reportFilePath, 'utf8'),
      }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const fileNames = { '.': 'core', './filerobot-widget-auth.global.js': 'script-tag' }
const pageOf = path => fileNames[path] ?? path.slice(2).replaceAll('/', '-')

function extractorConfig(root, mainEntryPointFilePath, files, folder) {
  const compilerOptions = {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    strict: true,
    skipLibCheck: true,
  }
  return ExtractorConfig.prepare({
    configObjectFullPath: join(root, 'api-extractor.json'),
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath,
      compiler: { overrideTsconfig: { compilerOptions, files } },
      docModel: { enabled: true, apiJsonFilePath: join(folder, 'model.json'), includeForgottenExports: true },
      apiReport: {
        enabled: true,
        reportFolder: folder,
        reportTempFolder: join(folder, 'temp'),
        reportFileName: 'report',
        includeForgottenExports: true,
      },
      newlineKind: 'lf',
    },
  })
}

/** API Extractor sorts members by name and drops the comments within a type: here is the order, and the text, of the source. */
function asWritten(item, root) {
  const code = readFileSync(join(root, item.fileUrlPath), 'utf8')
  const declaration = parseAst(code, { lang: 'ts', sourceType: 'module' })
    .body.map(({ declaration, ...statement }) => declaration ?? statement)
    .find(({ id }) => id?.name === item.name)
  const order = declaration?.body?.body?.map(({ key }) => key?.name) ?? []
  const place = ({ name }) => order.indexOf(name)
  return {
    ...item,
    // What stands at the top of a file of declarations is not about the first of them.
    docComment: item.docComment.includes('@packageDocumentation') ? '' : item.docComment,
    members: item.members?.toSorted((one, other) => place(one) - place(other)),
    source: declaration && code.slice(declaration.start, declaration.end),
  }
}
