import { signal } from '@preact/signals'

type Theme = 'light' | 'dark'

const STORED_THEME = 'filerobot-demo.theme'

const system = matchMedia('(prefers-color-scheme: dark)')
const theme = signal<Theme>((document.documentElement.dataset['theme'] as Theme | undefined) ?? systemTheme())

function systemTheme(): Theme {
  return system.matches ? 'dark' : 'light'
}

// Follows the system until somebody chooses.
system.addEventListener('change', () => {
  if (!document.documentElement.dataset['theme']) theme.value = systemTheme()
})

function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  document.documentElement.dataset['theme'] = theme.value
  try {
    localStorage.setItem(STORED_THEME, theme.value)
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
}

export function Masthead() {
  return (
    <header class="masthead">
      <a class="wordmark" href="/" aria-label="filerobot-widget-auth, to the start of the page">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle class="mark-ticks" cx="16" cy="16" r="13" pathLength="24" />
          <circle class="mark-left" cx="16" cy="16" r="13" pathLength="24" />
          <path class="mark-key" d="M16 8.5a4 4 0 0 1 1.8 7.6V23h-3.6v-6.9A4 4 0 0 1 16 8.5Z" />
        </svg>
        filerobot-widget-auth
      </a>
      <nav aria-label="Page">
        <a class="nav-link" href="#bench">
          Live bench
        </a>
        <a class="nav-link" href="/script-tag">
          Script-tag page
        </a>
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
      </nav>
    </header>
  )
}
