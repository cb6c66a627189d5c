import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { page } from './report.ts'
import { soak } from './soak.ts'

const docsPage = fileURLToPath(new URL('../../docs/soak.md', import.meta.url))

function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('A number above 0 is wanted.')
  return number
}

/** `npm run soak`: the long form. Writes its results to `docs/soak.md`, and fails where a rule did not hold. */
export async function main(args: string[]): Promise<void> {
  const program = new Command('npm run soak --')
    .description('Days in the life of a browser profile, in compressed time.')
    .option('--days <number>', 'simulated days', positive, 5)
    .option('--minutes <number>', 'real minutes after which it comes to its end all the same', positive, 25)
    .option(
      '--seed <number>',
      'repeats a schedule; also SOAK_SEED',
      positive,
      Number(process.env.SOAK_SEED) || undefined,
    )
    .option('--no-write', 'prints the results only')
    .parse(args, { from: 'user' })
  const given = program.opts<{ days: number; minutes: number; seed?: number; write: boolean }>()
  const seed = given.seed ?? Math.floor(Math.random() * 2 ** 31)
  console.log(`Seed ${seed}`)
  const result = await soak({ seed, hours: given.days * 24, minutes: given.minutes, onProgress: console.log })
  const text = page(result)
  console.log(`\n${text}`)
  if (given.write && result.violations.length === 0) writeFileSync(docsPage, text)
  if (result.violations.length > 0) console.error([...result.trace, ...result.violations].join('\n'))
  process.exitCode = result.violations.length > 0 ? 1 : 0
}
