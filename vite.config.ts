import { defineConfig, type UserConfig } from 'vite'
import { widgetsForDemo } from './demo/widgets/vite-plugin.ts'

const fileName = 'filerobot-widget-auth'

/** `vite build`: the package's modules, as they are published; what they depend on stays outside. */
const library: UserConfig = {
  publicDir: false,
  build: {
    target: 'es2022',
    sourcemap: true,
    minify: false,
    lib: {
      entry: {
        index: 'src/index.ts',
        widgets: 'src/widgets/index.ts',
        'service-worker': 'src/service-worker/index.ts',
      },
      formats: ['es'],
    },
    rolldownOptions: { external: ['idb-keyval'] },
  },
}

/** For a file that a page loads as it is. Terser's is the smallest result; see `docs/decisions.md`. */
const terserForSize: NonNullable<UserConfig['build']>['terserOptions'] = { ecma: 2020, compress: { passes: 3 } }

/** `vite build --mode script`: one classic script with everything in it, for a script tag. */
const scriptTag: UserConfig = {
  publicDir: false,
  build: {
    target: 'es2022',
    sourcemap: true,
    emptyOutDir: false,
    minify: 'terser',
    terserOptions: terserForSize,
    lib: { entry: 'src/global.ts', formats: ['iife'], name: 'FilerobotAuth', fileName: () => `${fileName}.global.js` },
  },
}

/** `vite build --mode service-worker`: one classic script with everything in it, for a site to host. */
const serviceWorker: UserConfig = {
  publicDir: false,
  build: {
    target: 'es2022',
    sourcemap: true,
    emptyOutDir: false,
    minify: 'terser',
    terserOptions: terserForSize,
    lib: {
      entry: 'src/service-worker/worker.ts',
      formats: ['iife'],
      name: 'FilerobotAuthWorker',
      fileName: () => `${fileName}.service-worker.js`,
    },
  },
}

/** `vite build --mode demo`, and the development server: the page for trying by hand, with the three widgets. */
const demo: UserConfig = {
  plugins: [widgetsForDemo()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2022', outDir: 'dist-demo' },
}

export default defineConfig(({ command, mode }) => {
  if (mode === 'script') return scriptTag
  if (mode === 'service-worker') return serviceWorker
  return command === 'serve' || mode === 'demo' ? demo : library
})
