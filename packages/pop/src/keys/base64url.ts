/**
 * Encodes bytes as base64url without padding.
 *
 * @param text A character for each byte.
 * @returns The encoded text.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-5 RFC 4648, section 5}
 */
export function base64url(text: string): string {
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
