const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // Written as it is, a reader takes it for a line feed.
  '\r': '&#13;',
}

/**
 * Escapes a text for the content of an element or an attribute.
 *
 * @param text The text.
 * @returns It with references for what is markup.
 */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => references[character]!)
}

/**
 * Tells whether XML can hold a text (XML 1.0 §2.2), by references or not.
 *
 * @param text The text.
 * @returns Whether it can: control characters and half of a surrogate pair cannot be written.
 */
export function isXmlText(text: string): boolean {
  return /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text)
}
