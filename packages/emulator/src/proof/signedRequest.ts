import type { Exchange, Service } from '../Exchange.js'
import { checkAge, checkNonce, takeProof } from './nonces.js'
import { ProofError } from './ProofError.js'
import { verifyProof } from './verifyProof.js'

/**
 * Checks a signed HTTP request.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param signed What is after `PoP` in its `Authorization`.
 * @param wantsNonce Whether a nonce of the server has to be in it.
 * @returns The access token in it, and the thumbprint of the key.
 * @throws {ProofError} when it is refused.
 */
export async function checkSignedRequest(
  { memory }: Service,
  { request, url, now }: Exchange,
  signed: string,
  wantsNonce: boolean,
): Promise<{ readonly accessToken: string; readonly keyId: string }> {
  const { payload, keyId } = await verifyProof(
    signed,
    'pop',
    (_header, { cnf }) => (Object(cnf) as { jwk?: unknown }).jwk,
  )
  const { at, ts, m, u, p, q, nonce } = payload
  if (typeof at !== 'string') throw new ProofError('No access token is in the signed request')
  if (m !== request.method) throw new ProofError('The request was signed for another method')
  if (u !== url.host) throw new ProofError('The request was signed for another host')
  if (plain(p) !== plain(url.pathname)) throw new ProofError('The request was signed for another path')
  const query = Array.isArray(q) ? q[1] : ''
  if (plain(query) !== plain(url.search.slice(1))) throw new ProofError('The request was signed for another query')
  checkAge(now, ts)
  if (wantsNonce) checkNonce(memory, now, nonce)
  takeProof(memory, now, signed, wantsNonce)
  return { accessToken: at, keyId }
}

/** MSAL ends a path with a slash, and writes escapes in small letters; the services make no difference. */
function plain(text: unknown): string {
  return String(text)
    .replace(/^\/+|\/+$/g, '')
    .replace(/%\w\w/g, (escape) => escape.toUpperCase())
}
