/**
 * The mutants of a run.
 *
 * @param report Stryker's JSON report: https://github.com/stryker-mutator/mutation-testing-elements
 * @param explanations `{ file, code, replacement?, why }`: why it is no fault of the tests' that a mutant survives. `code`
 *   is the mutated text or a part of it; without `replacement` every mutant of that code is meant
 */
export function readMutants(report, explanations) {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n')
    return mutants.map(({ location, replacement = '', status, mutatorName }) => {
      const code = textAt(lines, location)
      const isAlive = status === 'Survived' || status === 'NoCoverage'
      const explanation = explanations.find(
        known => known.file === file && code.includes(known.code) && (known.replacement ?? replacement) === replacement,
      )
      return { file, line: location.start.line, code, replacement, status, mutatorName, isAlive, why: explanation?.why }
    })
  })
}

/** The text between two places, both counted from 1, on one line. */
function textAt(lines, { start, end }) {
  const part = lines.slice(start.line - 1, end.line)
  part[part.length - 1] = part.at(-1).slice(0, end.column - 1)
  part[0] = part[0].slice(start.column - 1)
  return part.join('\n').replace(/\s+/g, ' ')
}
