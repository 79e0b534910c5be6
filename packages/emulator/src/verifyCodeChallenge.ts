import { base64url } from 'jose'

/**
 * Verifies a PKCE code verifier.
 *
 * @param verifier What the token request sent.
 * @param challenge What the authorization request sent.
 * @param method How the challenge was made.
 * @returns Whether they belong together.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.6 RFC 7636, section 4.6}
 */
export async function verifyCodeChallenge(
  verifier: string,
  challenge: string,
  method: 'S256' | 'plain',
): Promise<boolean> {
  if (method === 'plain') return verifier === challenge
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return base64url.encode(new Uint8Array(digest)) === challenge
}
