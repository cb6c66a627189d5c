/** The pages of the demo, in the order of its navigation. */
export const pages = [
  { path: '/', name: 'Live bench' },
  { path: '/two-tabs', name: 'Two tabs' },
  { path: '/errors', name: 'Errors' },
  { path: '/script-tag', name: 'Script tag' },
  { path: '/strict-csp', name: 'Strict CSP' },
] as const

export type PagePath = (typeof pages)[number]['path']
