import type { PagePath } from './pages.ts'
import { SiteHeader } from './site-header.tsx'
import { theme, toggleTheme } from './theme.ts'

export function Masthead({ current }: { current: PagePath }) {
  return (
    <SiteHeader current={current}>
      <button
        type="button"
        class="icon-button"
        onClick={toggleTheme}
        aria-label={theme.value === 'dark' ? 'Switch to the light theme' : 'Switch to the dark theme'}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          {theme.value === 'dark' ? (
            <path d="M10 3V1m0 18v-2m7-7h2M1 10h2m12-5 1.4-1.4M3.6 16.4 5 15m10 0 1.4 1.4M3.6 3.6 5 5m8.5 5a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Z" />
          ) : (
            <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z" />
          )}
        </svg>
      </button>
    </SiteHeader>
  )
}
