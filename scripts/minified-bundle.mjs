// An entry with everything that it imports, as an app's bundler would take it, minified: by Vite's own minifier, which
// leaves the white space in an ES library, then by Terser.
import { fileURLToPath } from 'node:url'
import { minify } from 'terser'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/** See `minified-bundle.d.mts`. */
export async function minifiedBundle(entry, external = []) {
  const bundle = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    // An ES library leaves this to the app; in an app's bundle it is settled.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      minify: 'oxc',
      lib: { entry, formats: ['es'], fileName: 'bundle' },
      rolldownOptions: { external },
    },
  })
  const chunks = [bundle].flat().flatMap(({ output }) => output.filter(({ type }) => type === 'chunk'))
  if (chunks.length !== 1) throw new Error(`${entry} must be one file, and is ${chunks.length}.`)
  const { code } = await minify(chunks[0].code, { module: true, ecma: 2022, compress: { passes: 3 }, mangle: true })
  return code
}
