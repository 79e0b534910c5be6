import { parseXml, type XmlDocument, type XmlElement } from '@rgrove/parse-xml'
import { checkNesting } from './checkNesting.js'

/** No answer of a provider is longer, in UTF-16 units. */
const limit = 1024 * 1024

/** A parsed document. */
export interface Parsed {
  /** Its root element. */
  readonly root: XmlElement
  /** Gives what is between the tags of an element, exactly as it was written. */
  readonly innerXml: (element: XmlElement) => string
}

/**
 * Parses XML; the document may be hostile.
 *
 * @param text The XML.
 * @returns The document; or, in words that follow its name, why it is refused. It is not said where: that would quote the text.
 */
export function parse(text: string): Parsed | string {
  if (text.length > limit) return 'is larger than 1 MiB'
  const refusal = checkNesting(text)
  if (refusal) return refusal
  let document: XmlDocument
  try {
    // As a line feed, of the same length: the parser takes quadratic time for carriage returns.
    document = parseXml(text.replaceAll('\r', '\n'), { includeOffsets: true, preserveComments: true })
  } catch {
    return 'is no well-formed XML'
  }
  return {
    root: document.root!,
    innerXml: ({ children }) => text.slice(children[0]?.start, children.at(-1)?.end ?? 0),
  }
}
