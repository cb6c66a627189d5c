import { fileURLToPath } from 'node:url'
import type { Plugin, PluginOption } from 'vite'

const absentPlugin = fileURLToPath(new URL('absent-plugin.ts', import.meta.url))

// A fragment is never sent: whatever the widgets append to these lands in it ("PNG.png", "?vh=34").
const icon = (shapes: string, size: number) =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${shapes}</svg>`,
  ).replaceAll("'", '%27')}#`

const fileIcon = icon('<path d="M12 4h28l12 12v44H12z" fill="#dbe3ee"/><path d="M40 4v12h12z" fill="#9fb3cc"/>', 64)
const folderIcon = icon('<path d="M4 12h20l6 6h30v36H4z" fill="#9fb3cc"/>', 64)
const chequers = icon('<path d="M0 0h8v8H0zm8 8h8v8H8z" fill="#e4e8ee"/>', 16)

/** What the published packages would ask other hosts for, and what they get instead. No option of theirs stops it. */
const replacements: [outside: RegExp, instead: string][] = [
  [/@import\s+url\(["']?https:\/\/fonts\.googleapis\.com[^)]*\);?/g, ''],
  [/https:\/\/assets\.filerobot\.com\/scaleflex\/assets\/file-types\/v2\//g, fileIcon],
  [/https:\/\/assets\.filerobot\.com\/scaleflex\/assets\/chess-bg\.png/g, chequers],
  [/https:\/\/cdn\.scaleflex\.com\/assets\/folder-preview\/folder\.png/g, folderIcon],
  [/https:\/\/www\.openpix\.net\/v1\/icon\.svg/g, fileIcon],
  // The resizing service in front of previews: the local API's own URLs are shown as they are.
  [/https:\/\/assets\.filerobot\.com\/v7\//g, ''],
]

/** Rewrites the widgets' own files; everything else passes through untouched. */
function staysOnThisMachine(): Plugin {
  return {
    name: 'widgets-stay-on-this-machine',
    enforce: 'pre',
    transform: {
      filter: { id: /node_modules\/@(filerobot|scaleflex)\/.+\.(js|css)(\?|$)/ },
      handler(code) {
        const rewritten = replacements.reduce((text, [outside, instead]) => text.replace(outside, instead), code)
        return rewritten === code ? undefined : { code: rewritten, map: null }
      },
    },
  }
}

/**
 * What Vite needs to bundle the three published widgets for the demo page and the tests:
 * the Explorer's undeclared imports, one React for all, and no request to another host.
 *
 * @example `defineConfig({ plugins: [widgetsForDemo()] })`
 */
export function widgetsForDemo(): PluginOption {
  return [
    {
      name: 'widgets-for-demo',
      config: () => ({
        resolve: {
          // The Explorer imports these dynamically and declares none of them.
          alias: [
            { find: /^@filerobot\/(progress-panel|url|google-drive|dropbox|onedrive)$/, replacement: absentPlugin },
          ],
          dedupe: ['react', 'react-dom', 'react-redux', 'react-konva', 'konva', 'styled-components'],
        },
        build: { chunkSizeWarningLimit: 6000 },
        // The development server bundles packages beforehand, without the plugins of the page.
        optimizeDeps: { rolldownOptions: { plugins: [staysOnThisMachine()] } },
      }),
    } satisfies Plugin,
    staysOnThisMachine(),
  ]
}
