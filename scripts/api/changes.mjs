// Compares two reports of the public types.
import { parseAst } from 'vite'

/** See `changes.d.mts`. */
export function changedExports(before, after) {
  const sides = [before, after].map(reports => [...reports].map(([entry, report]) => [entry, declarationsOf(report)]))
  // What an entry exports, now or then, is that one's change, and not of each entry that names it.
  const shown = new Set(sides.flat().flatMap(([, { exported, texts }]) => [...exported].map(name => texts.get(name))))
  const [old, current] = sides.map(entries => exportedTypes(entries, shown))
  return [...new Set([...current.keys(), ...old.keys()])]
    .filter(key => old.get(key)?.type !== current.get(key)?.type)
    .map(key => {
      const { entry, name } = current.get(key) ?? old.get(key)
      return { entry, name, change: !old.has(key) ? 'new' : current.has(key) ? 'changed' : 'gone' }
    })
    .sort((one, other) => Number(one.change === 'gone') - Number(other.change === 'gone'))
}

/** What an export is, by entry and name: its declaration, with those that only lie behind it. */
function exportedTypes(entries, shown) {
  const found = new Map()
  for (const [entry, { exported, texts }] of entries) {
    const isBehind = name => texts.has(name) && !shown.has(texts.get(name))
    for (const name of exported) found.set(`${entry} ${name}`, { entry, name, type: withBehind(name, texts, isBehind) })
  }
  return found
}

function withBehind(name, texts, isBehind) {
  const reached = new Set([name])
  // It grows meanwhile.
  for (const next of reached) {
    for (const [word] of texts.get(next).matchAll(/[\w$]+/g)) if (isBehind(word)) reached.add(word)
  }
  return [...reached].map(reachedName => texts.get(reachedName)).join('\n')
}

/** The declarations of a report by name, and the names of those that are exported. */
function declarationsOf(report) {
  const exported = new Set()
  const texts = new Map()
  const add = (name, { start, end }) =>
    texts.set(name, [...(texts.has(name) ? [texts.get(name)] : []), report.slice(start, end)].join('\n'))
  for (const statement of parseAst(report, { lang: 'dts', sourceType: 'module' }).body) {
    if (statement.type === 'ImportDeclaration') {
      for (const { local } of statement.specifiers) add(local.name, statement)
      continue
    }
    for (const { exported: name } of statement.specifiers ?? []) {
      exported.add(name.name)
      add(name.name, statement)
    }
    const declaration = statement.declaration ?? statement
    for (const { id } of declaration.declarations ?? [declaration]) {
      if (!id) continue
      add(id.name, declaration)
      if (declaration !== statement) exported.add(id.name)
    }
  }
  return { exported, texts }
}
