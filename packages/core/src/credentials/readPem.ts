/**
 * Reads the blocks of one kind in a PEM text.
 *
 * @param text The text.
 * @param label The kind, such as `CERTIFICATE`.
 * @returns The bytes of each, in the order of the text.
 * @throws {TypeError} when a block is not base64.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7468 RFC 7468}
 */
export function readPem(text: string, label: string): Uint8Array<ArrayBuffer>[] {
  // A block holds no dash, so that the search never looks at a character twice.
  const blocks = text.matchAll(new RegExp(`-----BEGIN ${label}-----([^-]+)-----END ${label}-----`, 'g'))
  return Array.from(blocks, ([, base64 = '']) => {
    try {
      return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    } catch {
      throw new TypeError(`Cannot read PEM: expected base64 in the ${label} block`)
    }
  })
}
