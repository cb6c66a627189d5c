// Writes the report of an entry: its types, without a word about them, as a file whose changes can be reviewed.

/** @import { Entry } from './entries.mjs' */

/**
 * @param {Entry} entry
 * @returns {string} declarations; what is not exported and named by others stands between them
 */
export function renderReport({ specifier, report }) {
  const [, declarations] = /^```ts\n(.*?)^```/ms.exec(report)
  // Its comments are about docstrings, which are no part of a type: the reference has those.
  const bare = declarations.replace(/^[ \t]*\/\/.*\n/gm, '').replace(/\n{3,}/g, '\n\n')
  return `// The public types of ${specifier}. Made by \`npm run api\`: change src/.\n\n${bare.trim()}\n`
}
