/**
 * Digests a text.
 *
 * @param text The text, as UTF-8.
 * @returns Its SHA-256, 64 hexadecimal digits in lower case.
 */
export async function hexSha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
