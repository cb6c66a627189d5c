// Reads a docstring: its text is Markdown, its block tags are `@param`, `@returns`, `@default`, `@throws` and `@example`.

/**
 * @typedef {object} DocComment
 * @property {string} summary
 * @property {Record<string, string>} params by name
 * @property {string} returns
 * @property {string} byDefault
 * @property {string[]} throws
 * @property {string[]} examples code
 */

const TAGS = ['param', 'returns', 'default', 'throws', 'example']

/**
 * @param {string | undefined} comment with its slashes and stars
 * @returns {DocComment}
 * @throws {Error} at a tag that would be left out
 */
export function readDocComment(comment = '') {
  const text = comment.replace(/^\s*\/\*\*|\*\/\s*$/g, '').replace(/^[ \t]*\* ?/gm, '')
  // Not within a line: `{@link …}` and addresses have an @ too. But `@default` may follow a sentence.
  const [summary, ...blocks] = text.split(/^\s*(?=@\w)|(?<=\s)(?=@default\b)/m)
  const doc = { summary: summary.trim(), params: {}, returns: '', byDefault: '', throws: [], examples: [] }
  for (const block of blocks) {
    const [, tag, rest] = /^@(\w+)\s*(.*)$/s.exec(block)
    const content = rest.trim()
    if (!TAGS.includes(tag)) throw new Error(`@${tag} is not one of @${TAGS.join(', @')}`)
    if (tag === 'param') {
      const [, name, about] = /^(\S+)\s+(?:- )?(.*)$/s.exec(content)
      doc.params[name] = about
    } else if (tag === 'returns') doc.returns = content
    else if (tag === 'default') doc.byDefault = content
    else if (tag === 'throws') doc.throws.push(content.replace(/^\{(\w+)\}/, '{@link $1}'))
    else doc.examples.push(content.replace(/^```\w*\n|\n?```$|^`|`$/g, ''))
  }
  return doc
}
