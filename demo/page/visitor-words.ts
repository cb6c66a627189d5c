import type { AuthError, AuthErrorCode } from '../../src/index.ts'

/** What a visitor of a site is told: no jargon, nothing to blame them for, and whether waiting helps. */
export interface VisitorWords {
  title: string
  advice: string
}

const WORDS: Record<AuthErrorCode, VisitorWords> = {
  network: {
    title: 'We cannot reach the media library',
    advice: 'Please check your connection. Nothing is lost: we keep trying.',
  },
  timeout: { title: 'The media library is not answering', advice: 'It is taking too long. We keep trying.' },
  server: { title: 'The media library has a problem', advice: 'It is not your fault. We keep trying.' },
  malformed_response: {
    title: 'The media library gave an answer that we do not understand',
    advice: 'Please try again later.',
  },
  rate_limited: { title: 'Too many people are asking just now', advice: 'It will be your turn in a moment.' },
  template_rejected: {
    title: 'Access to the media library is switched off',
    advice: 'The site’s owner needs to look at the Security Template.',
  },
  key_rejected: {
    title: 'The media library does not accept our access',
    advice: 'The site’s owner needs to look at the Security Template.',
  },
  origin_not_allowed: {
    title: 'This file is kept somewhere else',
    advice: 'The site’s owner has not allowed that address.',
  },
  invalid_options: {
    title: 'The media library is not set up',
    advice: 'The site’s owner needs to check the settings.',
  },
  disposed: { title: 'The media library was closed', advice: 'Please load the page again.' },
}

export function visitorWords(error: AuthError): VisitorWords {
  return WORDS[error.code]
}
