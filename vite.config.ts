import { minify as terser } from 'terser'
import { defineConfig, minify as oxc, type Plugin, type UserConfig } from 'vite'
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
        react: 'src/react.ts',
        preact: 'src/preact.ts',
        'preact-hooks': 'src/preact-hooks.ts',
        // Not to be imported by itself, but a file that a bundler can leave out.
        'auth-signal': 'src/auth-signal.ts',
      },
      formats: ['es'],
    },
    rolldownOptions: {
      external: ['idb-keyval', 'react', 'preact', 'preact/hooks', '@preact/signals'],
      // For React's server components. In the source, every build of something else would warn of it.
      output: { banner: ({ name }) => (name === 'react' ? "'use client'" : '') },
    },
  },
}

/** Oxc's minifier and Terser, before Vite has Oxc's once more: each finds what the other left; see `docs/decisions.md`. */
const minifiedTwice: Plugin = {
  name: 'minified-twice',
  enforce: 'post',
  async renderChunk(code, { fileName }) {
    const byOxc = await oxc(fileName, code, { sourcemap: true })
    const byTerser = await terser(byOxc.code, {
      ecma: 2020,
      sourceMap: { content: JSON.stringify(byOxc.map) },
      compress: { passes: 4, pure_getters: true, unsafe_arrows: true },
    })
    return { code: byTerser.code!, map: byTerser.map as string }
  },
}

/** One classic script with everything in it, for a page or a site to load as it is. */
const wholeScript = (entry: string, name: string, suffix: string): UserConfig => ({
  publicDir: false,
  plugins: [minifiedTwice],
  build: {
    target: 'es2022',
    // What a page loads does not name its map: 46 bytes for each visitor. The map is in the package.
    sourcemap: 'hidden',
    emptyOutDir: false,
    minify: 'oxc',
    // Beside the two scripts, as a notice in them would cost each visitor bytes. Both have the same in them.
    license: { fileName: 'LICENSES.md' },
    lib: { entry, formats: ['iife'], name, fileName: () => `${fileName}.${suffix}.js` },
  },
})

/** `vite build --mode script`: for a script tag. */
const scriptTag = wholeScript('src/global.ts', 'FilerobotAuth', 'global')

/** `vite build --mode service-worker`: for a site to host. */
const serviceWorker = wholeScript('src/service-worker/worker.ts', 'FilerobotAuthWorker', 'service-worker')

/** `vite build --mode server`: for servers, with a core of its own, so that no file of a browser's is cut another way. */
const server: UserConfig = {
  publicDir: false,
  build: {
    target: 'es2022',
    sourcemap: true,
    emptyOutDir: false,
    minify: false,
    lib: { entry: { server: 'src/server/index.ts' }, formats: ['es'] },
    rolldownOptions: { external: ['idb-keyval'] },
  },
}

/** `vite build --mode node`: the command line and the emulator, for Node alone, with everything in them. */
const forNode: UserConfig = {
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node20',
    emptyOutDir: false,
    minify: false,
    license: { fileName: 'node/LICENSES.md' },
    rolldownOptions: {
      input: { cli: 'src/cli/main.ts', emulator: 'demo/emulator/index.ts' },
      // Most of it is other people's. Without names shortened, a stack trace in somebody's test can be read.
      output: { chunkFileNames: 'node/[name].js', minify: { compress: false, mangle: false, codegen: true } },
    },
  },
}

/** `vite build --mode demo`, and the development server: the pages for trying by hand, with the three widgets. */
const demo: UserConfig = {
  plugins: [widgetsForDemo()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: 'dist-demo',
    rolldownOptions: {
      input: ['index.html', 'demo/errors/index.html', 'demo/two-tabs/index.html', 'demo/two-tabs/tab.html'],
    },
  },
}

export default defineConfig(({ command, mode }) => {
  if (mode === 'script') return scriptTag
  if (mode === 'service-worker') return serviceWorker
  if (mode === 'server') return server
  if (mode === 'node') return forNode
  return command === 'serve' || mode === 'demo' ? demo : library
})
