import { isAuthError } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import type { ProofNonces } from './proofNonces.js'

/**
 * Makes the headers of the answer to a request that was refused: what is wrong, and a nonce where the API wants one.
 *
 * @param scheme What the API takes.
 * @param error What `verifySignedHttpRequest` or `verifyDpopProof` threw; any other value is thrown again.
 * @param nonces The API's nonces, the same that it checks with.
 * @returns Names and values, for an answer with status 401.
 * @throws {TypeError} when the scheme is not one.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-7.1 RFC 9449, section 7.1}
 */
export async function proofChallenge(
  scheme: 'PoP' | 'DPoP',
  error: unknown,
  nonces?: ProofNonces,
): Promise<Record<string, string>> {
  expect(/^D?PoP$/.test(scheme), 'scheme', 'PoP or DPoP')
  if (!isAuthError(error) || error.code !== 'access_denied') throw error
  const isDpop = scheme === 'DPoP'
  const nonce = await nonces?.issue()
  const code = isDpop || error.error !== 'use_dpop_nonce' ? error.error : 'invalid_token'
  const parameters = [
    ...(isDpop ? ['algs="ES256 RS256 PS256"'] : []),
    ...(code && code !== 'invalid_request' ? [`error="${code}"`, `error_description="${error.errorDescription}"`] : []),
    ...(nonce && !isDpop ? [`nonce="${nonce}"`] : []),
  ]
  return {
    'www-authenticate': `${scheme} ${parameters.join(', ') || 'realm=""'}`,
    ...(nonce && isDpop && { 'dpop-nonce': nonce }),
  }
}
