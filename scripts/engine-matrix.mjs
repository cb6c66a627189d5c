// Where a test in a browser ran, by its titles and its file, and a table of what passed where.

export const engineNames = ['Chromium', 'Firefox', 'WebKitGTK']
export const builds = ['modules', 'minified']

/** See `engine-matrix.d.mts`. */
export const engineTitle = engine => `in ${engine}`
export const buildTitle = build => `by the ${build} build`

const titles = new RegExp(`^in (${engineNames.join('|')}) > by the (${builds.join('|')}) build > `)

/** See `engine-matrix.d.mts`. */
export function placeOf({ project, file, fullName }, onlyInChromium, pagesBuild) {
  if (project === 'engines') {
    const [, engine, build] = titles.exec(fullName) ?? []
    return engine && { group: file, engine, build }
  }
  const found = onlyInChromium.find(({ files }) => files.test(file))
  return found && { group: found.group, engine: 'Chromium', build: found.build ?? pagesBuild }
}

const columnName = (engine, build) => `${engine}, ${build}`
const inOrder = (a, b) => (a < b ? -1 : 1)
const countWords = ({ passed, failed, skipped }) =>
  [passed && `${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`]
    .filter(Boolean)
    .join(', ')

/** See `engine-matrix.d.mts`. */
export function makeMatrix(tests, onlyInChromium, pagesBuild) {
  const rows = new Map()
  const columns = new Map(engineNames.map(engine => [engine, new Set()]))
  const skips = new Map()
  for (const test of tests) {
    const place = placeOf(test, onlyInChromium, pagesBuild)
    if (!place) continue
    const { group, engine, build } = place
    columns.get(engine).add(build)
    const row = rows.get(group) ?? rows.set(group, {}).get(group)
    const cell = (row[columnName(engine, build)] ??= { passed: 0, failed: 0, skipped: 0 })
    cell[test.state]++
    if (test.state === 'skipped') {
      const reason = test.note ?? 'no reason given'
      const where = skips.get(reason) ?? skips.set(reason, new Map()).get(reason)
      const place = `${group}, ${columnName(engine, build)}`
      where.set(place, (where.get(place) ?? 0) + 1)
    }
  }
  return {
    columns: engineNames.flatMap(engine =>
      [...columns.get(engine)].sort(inOrder).map(build => columnName(engine, build)),
    ),
    rows: [...rows].sort(([a], [b]) => inOrder(a, b)).map(([group, cells]) => ({ group, cells })),
    skipped: [...skips].map(([reason, where]) => ({
      reason,
      where: [...where].map(([place, tests]) => ({ place, tests })),
    })),
    onlyInChromium: onlyInChromium
      .filter(({ group }) => rows.has(group))
      .map(({ group, reason }) => ({ group, reason })),
  }
}

/** See `engine-matrix.d.mts`. */
export function matrixInMarkdown({ columns, rows, skipped, onlyInChromium }) {
  const line = cells => `| ${cells.join(' | ')} |`
  const table = [
    line(['tests', ...columns]),
    line(['---', ...columns.map(() => '---')]),
    ...rows.map(({ group, cells }) =>
      line([group, ...columns.map(name => (cells[name] ? countWords(cells[name]) : '–'))]),
    ),
  ]
  const list = (title, items) => (items.length > 0 ? ['', title, '', ...items.map(item => `- ${item}`)] : [])
  return [
    ...table,
    ...list(
      'Skipped:',
      skipped.map(
        ({ reason, where }) => `${reason}: ${where.map(({ place, tests }) => `${tests} of ${place}`).join('; ')}`,
      ),
    ),
    ...list(
      'In Chromium only:',
      onlyInChromium.map(({ group, reason }) => `${group}: ${reason}`),
    ),
    '',
  ].join('\n')
}
