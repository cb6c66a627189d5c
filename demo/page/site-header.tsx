import type { ComponentChildren } from 'preact'
import { type PagePath, pages } from './pages.ts'

/** What every page begins with: the name, and the way to the other pages. The server writes it into the static ones. */
export function SiteHeader({ current, children }: { current: PagePath; children?: ComponentChildren }) {
  return (
    <header class="masthead">
      <a class="wordmark" href="/">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle class="mark-ticks" cx="16" cy="16" r="13" pathLength="24" />
          <circle class="mark-left" cx="16" cy="16" r="13" pathLength="24" />
          <path class="mark-key" d="M16 8.5a4 4 0 0 1 1.8 7.6V23h-3.6v-6.9A4 4 0 0 1 16 8.5Z" />
        </svg>
        filerobot-widget-auth
      </a>
      <nav class="site-nav" aria-label="Pages of the demo">
        <ul>
          {pages.map(({ path, name }) => (
            <li key={path}>
              <a href={path} aria-current={path === current ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </header>
  )
}
