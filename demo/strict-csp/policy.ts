/** A directive of the strict page's policy, and why it is there. */
export interface PolicyRule {
  directive: string
  why: string
}

/** The narrowest policy under which the script tag works, and what this page needs for its own looks. */
export function strictPolicy(apiOrigin: string): readonly PolicyRule[] {
  return [
    { directive: "default-src 'none'", why: 'Nothing but what is named below.' },
    { directive: "script-src 'self'", why: 'The script-tag file and the page’s own script. No eval, nothing inline.' },
    { directive: `connect-src ${apiOrigin}`, why: 'Key requests and signed requests.' },
    { directive: `img-src ${apiOrigin} blob:`, why: 'Public pictures; and private ones, fetched with the key.' },
    { directive: "style-src 'self'", why: 'This page’s own style sheet. The library needs none.' },
    { directive: "require-trusted-types-for 'script'", why: 'No HTML and no script out of a string.' },
    { directive: "trusted-types 'none'", why: 'And nobody who could declare one harmless.' },
  ]
}

/** The value of the header. */
export function policyHeader(rules: readonly PolicyRule[]): string {
  return rules.map(({ directive }) => directive).join('; ')
}
