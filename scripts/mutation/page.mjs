const KILLED = ['Killed', 'Timeout']

/** Share of the mutants that tests have noticed. Those that cannot be compiled or run at all do not count. */
export function score(mutants) {
  const valid = mutants.filter(({ status, isAlive }) => isAlive || KILLED.includes(status))
  return valid.length ? (100 * valid.filter(({ isAlive }) => !isAlive).length) / valid.length : 100
}

const cell = text => `\`${text.replaceAll('|', '\\|').replaceAll('`', "'").slice(0, 90)}\``
const count = (mutants, ...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length

const row = (name, mutants) =>
  `| ${name} | ${mutants.length} | ${count(mutants, 'Killed')} | ${count(mutants, 'Timeout')} | ` +
  `${count(mutants, 'Survived')} | ${count(mutants, 'NoCoverage')} | ${score(mutants).toFixed(1)} % |`

/** The page docs/mutation.md. */
export function renderMutation(mutants, { version, date, minutes }) {
  const files = grouped(mutants, ({ file }) => file)
  const survivors = mutants.filter(({ isAlive }) => isAlive)
  const reasons = [...grouped(survivors, ({ why }) => why ?? 'Not explained.')]
  const took = minutes === undefined ? '' : `, in ${minutes} minutes`
  return `# Mutation testing

<!-- Made by \`npm run mutation\`; the reasons are in test/mutation/survivors.json. -->

How good are the tests? [Stryker](https://stryker-mutator.io) makes one small mistake after the other in the code, a \`<\` for a \`<=\`, a condition turned round, a line left out, and runs the unit tests of the core against each. A mistake that a test notices is killed; one that no test notices has survived, and is explained below.

**${score(mutants).toFixed(1)} % of ${mutants.length} mutants were killed**, of the pure parts (claims, lifetime, limit, options, records, state) and of the client with the attempt, the verdicts and the waiting. Stryker ${version}, ${date.toISOString().slice(0, 10)}${took}. The goal is 85 %.

The tests in browsers, the model's 2,000 schedules and the soak do not take part: what they alone would notice counts as survived.

\`\`\`sh
npm run mutation                              # everything, and this page
npm run mutation -- --mutate src/limit.ts     # one file
\`\`\`

| file | mutants | killed | ran into a time limit | survived | not reached | score |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${[...files]
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([file, mutants]) => row(`[${file.replace('src/', '')}](../${file})`, mutants))
  .join('\n')}
${row('**all**', mutants)}

## Why ${survivors.length} survive

${reasons
  .sort(([, a], [, b]) => b.length - a.length)
  .map(([why, mutants]) => `**${why}** (${mutants.length})\n\n${mutants.map(survivor).join('\n')}`)
  .join('\n\n')}
`
}

const survivor = ({ file, line, code, replacement }) =>
  `- ${file.replace('src/', '')}:${line} ${cell(code)} → ${replacement ? cell(replacement.replace(/\s+/g, ' ')) : 'nothing'}`

function grouped(values, keyOf) {
  const groups = new Map()
  for (const value of values) {
    const key = keyOf(value)
    groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return groups
}
