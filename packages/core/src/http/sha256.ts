/**
 * Digests a text.
 *
 * @param text The text, as UTF-8.
 * @returns Its SHA-256 in base64.
 */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}
