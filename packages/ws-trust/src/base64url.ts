/**
 * Encodes a text (RFC 4648 §5), without padding.
 *
 * @param text The text, as UTF-8.
 * @returns Its base64url.
 */
export function base64url(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
