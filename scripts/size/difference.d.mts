/** In bytes: what may differ without a word. */
export const toleranceBytes: number

/**
 * What is not as large as recorded, in words; nothing, if all is.
 *
 * @param recorded bytes by name
 * @param measured the same, of now
 */
export function sizeDifferences(recorded: Record<string, number>, measured: Record<string, number>): string[]
