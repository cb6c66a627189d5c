import { expect } from 'vitest'
import { type AuthError, isAuthError } from '../../src/index.ts'
import type { AuthOptions } from '../../src/types.ts'
import { TEMPLATE, TOKEN } from '../unit/fakes.ts'

const CODES =
  /^(invalid_options|template_rejected|rate_limited|network|timeout|server|malformed_response|origin_not_allowed|key_rejected|disposed)$/

/** The value, or an error of this library's whose words hold no key. Anything else fails the test. */
export async function typed<T>(promise: Promise<T>): Promise<{ value?: T; error?: AuthError }> {
  try {
    return { value: await promise }
  } catch (error) {
    if (!isAuthError(error)) throw new Error(`It is not typed: ${String(error)}`, { cause: error })
    expect(error.code).toMatch(CODES)
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('SASS_')
    return { error }
  }
}

/** Options with everything that a test wants no say in. */
export const base = (more: Partial<AuthOptions>): AuthOptions => ({
  token: TOKEN,
  templateId: TEMPLATE,
  storage: 'memory',
  timeoutMs: 30_000,
  maxWaitMs: 0,
  maxKeyRequestsPerMinute: Number.POSITIVE_INFINITY,
  ...more,
})
