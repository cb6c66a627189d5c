/**
 * Takes `--engine NAME` and `--build NAME` out of arguments; what is left is for Vitest.
 *
 * @throws {Error} for a name that is none
 */
export function takeChoice(args: string[]): { env: { TEST_ENGINE?: string; TEST_BUILD?: string }; rest: string[] }
