import { base64url } from '../keys/base64url.js'
import { checkFreshness } from './checkFreshness.js'
import type { ProofCheckOptions, ReceivedRequest, VerifiedRequest } from './ProofCheckOptions.js'
import { readRequest } from './readRequest.js'
import { refusal } from './refusal.js'
import { verifyAccessToken } from './verifyAccessToken.js'
import { verifyProof } from './verifyProof.js'

/**
 * Checks a request to an API that takes DPoP: the token, that its sender has the key, and that the proof was made for this request,
 * now and for the first time.
 *
 * @param request The request.
 * @param options Whose tokens are taken, and how strictly.
 * @returns The token's claims, and the key.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `access_denied` with `status` 401 and a reason; `proofChallenge` makes the answer's headers of it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-4.3 RFC 9449, section 4.3}
 */
export async function verifyDpopProof(request: ReceivedRequest, options: ProofCheckOptions): Promise<VerifiedRequest> {
  const { method, url, credentials: accessToken, header } = readRequest(request, 'DPoP', options)
  const keyOf = ({ jwk }: { readonly jwk?: unknown }): unknown => jwk
  const code = 'invalid_dpop_proof'
  const { payload, keyId } = await verifyProof(header('dpop'), 'dpop+jwt', keyOf, options, code)
  const { htm, htu, ath, iat, jti, nonce } = payload
  if (htm !== method) throw refusal(code, 'the proof is for another method')
  if (!isSameUrl(htu, url)) throw refusal(code, 'the proof is for another URL')
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))
  if (ath !== base64url(String.fromCharCode(...new Uint8Array(digest))))
    throw refusal(code, 'the proof is for another token')
  if (typeof jti !== 'string' || jti === '') throw refusal(code, 'the proof has no jti')
  const claims = await verifyAccessToken(accessToken, keyId, 'jkt', options)
  await checkFreshness({ seconds: iat, nonce, id: `${keyId} ${jti}`, code }, options)
  return { claims, accessToken, keyId, proof: payload }
}

/** Query and fragment are not in a proof; what is, is compared as URLs are. */
function isSameUrl(htu: unknown, { origin, pathname }: URL): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  const named = new URL(htu)
  return named.origin === origin && named.pathname === pathname
}
