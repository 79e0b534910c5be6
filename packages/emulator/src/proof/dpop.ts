import { base64url } from 'jose'
import type { Exchange, Service } from '../Exchange.js'
import { checkAge, checkNonce, takeProof } from './nonces.js'
import { ProofError } from './ProofError.js'
import { verifyProof } from './verifyProof.js'

/**
 * Checks the DPoP proof of a request.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param accessToken The token that it is sent with, at a resource.
 * @param wantsNonce Whether a nonce has to be in it.
 * @returns The thumbprint of the key.
 * @throws {ProofError} when it is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-4.3 RFC 9449, section 4.3}
 */
export async function checkDpop(
  { memory }: Service,
  { request, url, now }: Exchange,
  accessToken: string | undefined,
  wantsNonce: boolean,
): Promise<string> {
  const proof = request.headers.get('dpop') ?? ''
  const { payload, keyId } = await verifyProof(proof, 'dpop+jwt', (header) => (header as { jwk?: unknown }).jwk)
  const { htm, htu, iat, jti, ath, nonce } = payload
  if (htm !== request.method) throw new ProofError('The proof is for another method')
  if (!isSameUrl(htu, url)) throw new ProofError('The proof is for another URL')
  checkAge(now, iat)
  if (typeof jti !== 'string' || jti === '') throw new ProofError('The proof has no jti')
  if (ath !== (accessToken === undefined ? undefined : await digest(accessToken)))
    throw new ProofError('The proof is for another token')
  if (wantsNonce || nonce !== undefined) checkNonce(memory, now, nonce)
  takeProof(memory, now, `${keyId} ${jti}`, wantsNonce)
  return keyId
}

function isSameUrl(htu: unknown, { origin, pathname }: URL): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  const named = new URL(htu)
  return named.origin === origin && named.pathname === pathname
}

async function digest(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
