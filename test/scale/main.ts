import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { page } from './page.ts'
import { plot } from './plot.ts'
import { type Results, runAll, SEED } from './runs.ts'

/**
 * Makes all runs, and writes `docs/scale.md` and `docs/scale.svg`.
 *
 * @param root the project's folder, with a slash
 * @param isPageOnly takes the results of the last time
 */
export async function writeScale(root: string, isPageOnly: boolean): Promise<void> {
  const file = `${root}reports/scale.json`
  if (!isPageOnly) {
    // Millions of errors, of which nobody reads where they were made.
    Error.stackTraceLimit = 0
    const startedAtMs = Date.now()
    console.log(`scale: seed ${SEED}`)
    const results = await runAll(new Date().toISOString().slice(0, 10), line => {
      console.log(`${String(Math.round((Date.now() - startedAtMs) / 1000)).padStart(5)} s  ${line}`)
    })
    await mkdir(`${root}reports`, { recursive: true })
    await writeFile(file, JSON.stringify(results))
  }
  // What never happens is `null` in JSON, and `null < 3` is true.
  const results = JSON.parse(await readFile(file, 'utf8'), (_, value: unknown) => value ?? undefined) as Results
  await writeFile(`${root}docs/scale.md`, page(results))
  await writeFile(`${root}docs/scale.svg`, plot(results))
}
