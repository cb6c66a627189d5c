// Writes the page of an entry.
import { readDocComment } from './doc-comment.mjs'

/** @import { Entry, Item, Token, TokenRange } from './entries.mjs' */

const VALUES = ['Function', 'Variable', 'Class']
const KINDS = [...VALUES, 'Interface', 'TypeAlias']

/**
 * @param {Entry} entry
 * @param {Entry[]} entries all, to link between them
 * @param {string[]} undocumented is given the names of what has no docstring
 * @returns {string} Markdown
 */
export function renderPage(entry, entries, undocumented) {
  const { specifier, exported, hidden } = entry
  const unknown = exported.find(({ kind }) => !KINDS.includes(kind))
  if (unknown) throw new Error(`${specifier}: no way is known to write a ${unknown.kind}, ${unknown.name}`)
  const ownNames = new Set(exported.map(({ name }) => name))
  const elsewhere = new Map(
    entries
      .toReversed()
      .flatMap(({ page, exported }) => exported.map(({ name }) => [name, `${page}.md#${name.toLowerCase()}`])),
  )
  /** What has a heading of its own. */
  const methods = new Set(
    entries.flatMap(({ exported }) =>
      exported.flatMap(({ name, members = [] }) => members.filter(isMethod).map(member => `${name}.${member.name}`)),
    ),
  )
  const hiddenByName = new Map(hidden.filter(({ name }) => !elsewhere.has(name)).map(item => [item.name, item]))
  /** What is not exported anywhere and was named: it has its place at the end. */
  const named = new Set()

  const target = name => {
    if (ownNames.has(name)) return `#${name.toLowerCase()}`
    if (hiddenByName.has(name)) {
      named.add(name)
      return `#${name.toLowerCase()}`
    }
    return elsewhere.get(name)
  }

  /** Markdown with `{@link …}` made into links, and lines that were broken for the source's width joined. */
  const prose = text =>
    text
      .replace(/(?<=\S)\n[ \t]*(?=[^\s-])/g, ' ')
      .replace(/\{@link ((\w+)(?:\.(\w+))?)\}/g, (_, path, name, member) => {
        const href = target(name)
        return href ? `[\`${path}\`](${href}${methods.has(path) ? member.toLowerCase() : ''})` : `\`${path}\``
      })
  /** The same in a table's cell. */
  const cell = text =>
    prose(text)
      .replace(/\s*\n\s*(?=- )/g, '<br>')
      .replace(/\s+/g, ' ')
      .replaceAll('|', '\\|')

  /** HTML of a declaration, in which names that have a place are links. */
  const linked = (tokens, ownName) =>
    tokens
      .map(({ kind, text }) => {
        const href = kind === 'Reference' && text !== ownName && target(text)
        return href ? `<a href="${href}">${text}</a>` : escaped(withoutNoise(text))
      })
      .join('')
      .replace(/(?<!&[gl]t|&amp);$/, '')
  const block = (tokens, ownName) => `<pre>${linked(tokens, ownName)}</pre>`
  const inline = tokens => `<code>${linked(tokens).replace(/\s+/g, ' ').replaceAll('|', '&#124;').trim()}</code>`
  const slice = (item, { startIndex, endIndex }) => item.excerptTokens.slice(startIndex, endIndex)
  const source = ({ name, source, excerptTokens }) => block(source ? asTokens(inLines(source)) : excerptTokens, name)

  const docOf = (item, path = item.name) => {
    const doc = readDocComment(item.docComment)
    if (!doc.summary) undocumented.push(`${specifier}: ${path}`)
    return doc
  }

  const callable = (item, doc) => {
    const rows = (item.parameters ?? [])
      .filter(({ parameterName }) => doc.params[parameterName])
      .map(({ parameterName }) => `| \`${parameterName}\` | ${cell(doc.params[parameterName])} |`)
    return [
      rows.length && ['| parameter | |', '| --- | --- |', ...rows].join('\n'),
      doc.returns && `**Returns** ${prose(doc.returns)}.`,
      ...doc.throws.map(text => `**Throws** ${prose(text)}.`),
      ...doc.examples.map(text => `\`\`\`${/^<|<\/|\/>/m.test(text) ? 'tsx' : 'ts'}\n${withImport(text)}\n\`\`\``),
    ]
  }
  /** An example with the import that a docstring leaves out. */
  const withImport = text => {
    const imports = [...new Set([entry, entries[0]])].flatMap(({ specifier, exported }) => {
      const names = exported.filter(({ kind }) => VALUES.includes(kind)).map(({ name }) => name)
      const used = names.filter(name => new RegExp(`(?<![.\\w])${name}\\b`).test(text))
      return used.length > 0 ? [`import { ${used.join(', ')} } from '${specifier}'\n`] : []
    })
    return imports.length > 0 ? `${imports.join('')}\n${text}` : text
  }

  const method = (owner, item) => {
    const doc = docOf(item, `${owner.name}.${item.name}`)
    return [`### ${owner.name}.${item.name}`, block(item.excerptTokens), prose(doc.summary), ...callable(item, doc)]
  }

  const property = (owner, item) => {
    const doc = docOf(item, `${owner.name}.${item.name}`)
    const name = `\`${item.name}${item.isOptional ? '?' : ''}\``
    const example = doc.examples.map(text => ` Example: \`${text}\`.`).join('')
    const literal = /^('[^']*'|[\d_]+|true|false)/
    const byDefault = doc.byDefault && ` **Default:** ${doc.byDefault.replace(literal, '`$1`')}.`
    // Each optional one may be `undefined` as well.
    const type = inline(slice(item, item.propertyTypeTokenRange))
      .replace(/^<code>\((.*)\) &#124; undefined<\/code>$/, '<code>$1</code>')
      .replace(/ &#124; undefined(?=<\/code>)/, '')
    return `| ${name} | ${type} | ${cell(doc.summary + byDefault + example)} |`
  }

  const ownMembers = ({ members = [] }) =>
    members.filter(({ kind, name = '' }) => kind !== 'Constructor' && !name.startsWith('['))
  const hasDoc = ({ docComment }) => !!docComment
  /** And those that it has from what is not exported. */
  const membersOf = item => [
    ...(item.extendsTokenRanges ?? []).flatMap(range => {
      const parent = hiddenByName.get(text(slice(item, range)))
      return parent ? membersOf(parent) : []
    }),
    ...ownMembers(item),
  ]
  const parentsOf = item =>
    (item.extendsTokenRanges ?? [item.extendsTokenRange])
      .filter(Boolean)
      .map(range => slice(item, range))
      .filter(tokens => !hiddenByName.has(text(tokens)))

  const structure = item => {
    // A later member of the same name is the narrower one.
    const members = [...new Map(membersOf(item).map(member => [member.name, member])).values()]
    const rows = members.filter(member => !isMethod(member)).map(member => property(item, member))
    return [
      ...parentsOf(item).map(tokens => `Has what ${inline(tokens)} has${rows.length ? ', and' : '.'}`),
      rows.length && ['| property | type | |', '| --- | --- | --- |', ...rows].join('\n'),
      ...members.filter(isMethod).flatMap(member => method(item, member)),
    ]
  }

  const section = item => {
    const doc = docOf(item)
    const head = [`## ${item.name}`]
    const isCalled = item.kind === 'Function' || item.kind === 'Variable'
    if (isCalled) return [...head, block(item.excerptTokens), prose(doc.summary), ...callable(item, doc)]
    const isTold = item.kind !== 'TypeAlias' && (ownMembers(item).length === 0 || ownMembers(item).some(hasDoc))
    const body = isTold && ownNames.has(item.name) ? structure(item) : [source(item)]
    return [...head, prose(doc.summary), ...callable(item, doc), ...body]
  }

  const sections = KINDS.flatMap(kind => exported.filter(item => item.kind === kind)).flatMap(section)
  const appendix = []
  // It grows meanwhile: what one of them names comes after it.
  for (const name of named) appendix.push(...section(hiddenByName.get(name)))
  return `${[
    `# ${specifier}`,
    '<!-- Made by `npm run api` from the docstrings in src/: change those. -->',
    '[All entries](../api.md)',
    ...sections,
    appendix.length && 'The types below are named above, and not exported.',
    ...appendix,
  ]
    .filter(Boolean)
    .join('\n\n')}\n`
}

/** A table of all entries and what they export. */
export function renderIndex(entries) {
  const parts = entries.flatMap(({ specifier, page, exported }) => [
    `## [${specifier}](api/${page}.md)`,
    [
      '| | |',
      '| --- | --- |',
      ...KINDS.flatMap(kind => exported.filter(item => item.kind === kind)).map(({ name, docComment }) => {
        const summary = readDocComment(docComment)
          .summary.replace(/\{@link ([\w.]+)\}/g, '`$1`')
          .replace(/\s+/g, ' ')
        const [first] = summary.match(/^.*?\.(?= [A-Z`]|$)/) ?? [summary]
        return `| [\`${name}\`](api/${page}.md#${name.toLowerCase()}) | ${first.replaceAll('|', '\\|')} |`
      }),
    ].join('\n'),
  ])
  const intro = `# API reference

<!-- Made by \`npm run api\` from the docstrings in src/: change those. -->

What each entry of the package exports, from the docstrings in the code; \`npm test\` fails when these pages are not up to date. [Options](options.md) and [errors](errors.md) have pages of their own that say more.`
  return `${[intro, ...parts].join('\n\n')}\n`
}

const isMethod = ({ kind }) => /Method/.test(kind)
const text = tokens =>
  tokens
    .map(({ text }) => text)
    .join('')
    .trim()
const escaped = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A declaration's text without its docstring; a long union with a line for each alternative. */
function inLines(source) {
  const text = source.replace(/^\/\*\*.*?\*\/\s*/s, '').replace(/^declare /, '')
  const isLong = text.length > 100 && /^(export )?type \w+ = '/.test(text)
  return isLong ? text.replace(' = ', ' =\n    ').replaceAll(' | ', '\n  | ') : text
}

/** Names in a piece of source as tokens of their own, but not those in comments and strings, and no property's. */
function asTokens(source) {
  return [...source.matchAll(/\/\*.*?\*\/|'[^']*'|\b[A-Z]\w*\b(?!\??:)|./gs)].map(([text]) => ({
    kind: /^[A-Z]/.test(text) ? 'Reference' : 'Content',
    text,
  }))
}

/** A piece of a declaration without what only a compiler has to be told. */
function withoutNoise(text) {
  return text.replace(/^(export )?(declare )?(?=function|class|type|interface)/, '').replace(/import\("[^"]*"\)\./g, '')
}
