/**
 * Hides a nonce: who sees the authorization request or the ID token cannot tell what the session keeps.
 *
 * @param nonce The nonce of the session.
 * @returns The nonce on the wire: its SHA-256 in lower-case hexadecimal.
 */
export async function hashNonce(nonce: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(nonce))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
