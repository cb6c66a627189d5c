import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const libraries = { 'filerobot-widget-auth': '^0.1.0', '@preact/signals': '2.11.4', preact: '11.2.0', react: '19.3.1' }

/** What a new app has before anybody writes anything, and one file of its own that imports all that is for browsers. */
const apps: Record<string, Record<string, string>> = {
  'fresh-vite': {
    'package.json': JSON.stringify({
      name: 'fresh-vite',
      private: true,
      type: 'module',
      scripts: { build: 'tsc && vite build' },
      dependencies: libraries,
      devDependencies: { '@types/react': '19.3.0', typescript: '7.0.2', vite: '8.3.8' },
    }),
    // As `npm create vite -- --template vanilla-ts` makes it.
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        module: 'esnext',
        lib: ['ES2023', 'DOM'],
        types: ['vite/client'],
        moduleResolution: 'bundler',
        verbatimModuleSyntax: true,
        noEmit: true,
        strict: true,
        noUnusedLocals: true,
        erasableSyntaxOnly: true,
      },
      include: ['src'],
    }),
    'index.html': page('<script type="module" src="/src/main.ts"></script>'),
    'src/main.ts': `
      import { type AccessKey, createAuth } from 'filerobot-widget-auth'
      import { useFilerobotKey as useKeyInPreact } from 'filerobot-widget-auth/preact'
      import { useFilerobotKey as useKeyInReact } from 'filerobot-widget-auth/react'
      import { registerServiceWorker } from 'filerobot-widget-auth/service-worker'
      import { connectSpin } from 'filerobot-widget-auth/widgets'

      const auth = createAuth(JSON.parse(new URLSearchParams(location.search).get('options')!))
      const key: AccessKey = await auth.getKey()
      const used = [useKeyInPreact, useKeyInReact, registerServiceWorker, connectSpin].map(use => typeof use)
      document.body.textContent = [auth.state.status, key.expiresAtMs > Date.now(), ...used].join(' ')`,
  },
  // No configuration: webpack's own defaults.
  'fresh-webpack': {
    'package.json': JSON.stringify({
      name: 'fresh-webpack',
      private: true,
      scripts: { build: 'webpack --mode production' },
      dependencies: libraries,
      devDependencies: { webpack: '5.112.2', 'webpack-cli': '6.0.1' },
    }),
    'dist/index.html': page('<script defer src="main.js"></script>'),
    'src/index.js': `

      import { createAuth } from 'filerobot-widget-auth'
      import { useFilerobotKey as useKeyInPreact } from 'filerobot-widget-auth/preact'
      import { useFilerobotKey as useKeyInReact } from 'filerobot-widget-auth/react'
      import { registerServiceWorker } from 'filerobot-widget-auth/service-worker'
      import { connectSpin } from 'filerobot-widget-auth/widgets'

      const auth = createAuth(JSON.parse(new URLSearchParams(location.search).get('options')))
      auth.getKey().then(key => {
        const used = [useKeyInPreact, useKeyInReact, registerServiceWorker, connectSpin].map(use => typeof use)
        document.body.textContent = [auth.state.status, key.expiresAtMs > Date.now(), ...used].join(' ')
      })`,
  },
}

function page(script: string): string {
  return `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">${script}</head><body></body></html>`
}

/** Writes them into folders of their names. */
export function writeFreshApps(folder: string): void {
  for (const [name, files] of Object.entries(apps)) {
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, name, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
  }
}
