import { base64url } from 'jose'

/**
 * Makes the subject of a user's tokens: one for each app, and always the same.
 *
 * @param userId The user's object ID.
 * @param clientId The app that the token is for.
 * @returns The subject.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg OpenID Connect, section 8.1}
 */
export async function pairwiseSubject(userId: string, clientId: string): Promise<string> {
  const text = new TextEncoder().encode(`${userId} ${clientId}`.toLowerCase())
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', text)))
}
