import { createHash } from 'node:crypto'
import type { Emulator } from '../../demo/emulator/index.ts'
import type { Random } from '../model/random.ts'
import { contentOf, nameOf, SOAK_FOLDER, type SoakFile } from './file-content.ts'
import type { SoakTab } from './tab.ts'

const LARGEST_FILE_BYTES = 60_000

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Which files were given to be uploaded, which tab has them, and what the service has in the end. */
export class FileBook {
  readonly files: SoakFile[] = []
  readonly #random: Random
  readonly #holders = new Map<SoakFile, SoakTab>()

  constructor(random: Random) {
    this.#random = random
  }

  next(tab: SoakTab): SoakFile {
    const sizeBytes = 4 + Math.floor(this.#random() ** 3 * LARGEST_FILE_BYTES)
    const file = { number: this.files.length + 1, sizeBytes }
    this.files.push(file)
    this.#holders.set(file, tab)
    return file
  }

  /** Gives files to a tab whose own one is gone before they were known to be stored. */
  takeOrphans(tabs: ReadonlySet<SoakTab>, stored: ReadonlySet<number>, tab: SoakTab): SoakFile[] {
    const orphans = this.files.filter(file => !stored.has(file.number) && !tabs.has(this.#holders.get(file)!))
    for (const orphan of orphans) this.#holders.set(orphan, tab)
    return orphans
  }

  /** A page that was loaded anew has forgotten what it had to do. */
  forget(tab: SoakTab): void {
    for (const [file, holder] of this.#holders) if (holder === tab) this.#holders.delete(file)
  }

  /** @returns how many files are there once, as they were sent; and what is wrong with the others */
  compare(emulator: Emulator): { goodCount: number; wrong: string[] } {
    const wrong: string[] = []
    const counts = new Map<string, number>()
    for (const { sha256, version, path } of emulator.files(SOAK_FOLDER)) {
      counts.set(sha256, (counts.get(sha256) ?? 0) + version)
      if (!this.files.some(file => path.startsWith(`${SOAK_FOLDER}/${nameOf(file)}`))) wrong.push(`${path} is nobody's`)
    }
    let goodCount = 0
    for (const file of this.files) {
      const sum = sha256(contentOf(file))
      const count = counts.get(sum) ?? 0
      counts.delete(sum)
      if (count === 1) goodCount++
      else wrong.push(`${nameOf(file)} (${file.sizeBytes} bytes) is stored ${count} times`)
    }
    if (counts.size > 0) wrong.push(`${counts.size} files are stored with a content that nobody sent`)
    return { goodCount, wrong }
  }
}
