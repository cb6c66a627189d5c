import { signal } from '@preact/signals'

export type Theme = 'light' | 'dark'

const STORED_THEME = 'filerobot-demo.theme'

const system = matchMedia('(prefers-color-scheme: dark)')

export const theme = signal<Theme>(chosenTheme() ?? systemTheme())

/** What somebody chose, here or by a link; nothing where the system decides. */
export function chosenTheme(): Theme | undefined {
  return document.documentElement.dataset['theme'] as Theme | undefined
}

/** For this page only: a link does not change what its reader chose for himself. */
export function showTheme(wanted: Theme): void {
  theme.value = wanted
  document.documentElement.dataset['theme'] = wanted
}

export function toggleTheme(): void {
  showTheme(theme.value === 'dark' ? 'light' : 'dark')
  try {
    localStorage.setItem(STORED_THEME, theme.value)
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
}

function systemTheme(): Theme {
  return system.matches ? 'dark' : 'light'
}

// What was chosen in another tab, or around this frame.
addEventListener('storage', ({ key, newValue }) => {
  if (key === STORED_THEME && (newValue === 'light' || newValue === 'dark')) showTheme(newValue)
})

// Follows the system until somebody chooses.
system.addEventListener('change', () => {
  if (!chosenTheme()) theme.value = systemTheme()
})
