/** No answer of a provider nests as deep. */
const deepest = 100

/** What begins with `<` and is no tag, and how it ends. */
const asides = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const

/**
 * Looks for what a parser had better not see: a DTD, which could declare entities, and elements that nest too deep for its stack.
 *
 * It walks from tag to tag as the parser does, so that up to the first error in a document both see the same.
 *
 * @param text The XML, well-formed or not.
 * @returns Why it is refused, in words that follow its name; nothing where it may be parsed.
 */
export function checkNesting(text: string): string | undefined {
  for (let depth = 0, at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const [start, end] = asides.find(([start]) => text.startsWith(start, at)) ?? []
    if (!start && text[at + 1] === '!') return 'has a DTD'
    const close = start ? text.indexOf(end, at + start.length) : tagEnd(text, at)
    // Not closed: the parser will say so.
    if (close === -1) return undefined
    if (!start) {
      if (text[at + 1] === '/') depth--
      else if (text[close - 1] !== '/') depth++
      if (depth > deepest) return `nests deeper than ${deepest} elements`
    }
    at = close
  }
  return undefined
}

/** Where a tag ends; a value in quotes may hold what looks like its end. */
function tagEnd(text: string, start: number): number {
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const character = text[at]!
    if (quote ? character === quote : character === '"' || character === "'") quote = quote ? '' : character
    else if (character === '>' && !quote) return at
  }
  return -1
}
