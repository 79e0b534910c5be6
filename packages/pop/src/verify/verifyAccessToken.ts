import { createLocalJWKSet, jwtVerify } from 'jose'
import type { ProofCheckOptions } from './ProofCheckOptions.js'
import { refusal } from './refusal.js'

/**
 * Checks a token: signature, issuer, audience, times, and that it belongs to a key.
 *
 * @param accessToken The token.
 * @param keyId The thumbprint of the key that its sender has.
 * @param member The member of `cnf` that must name the key: `jkt` for DPoP, else also `kid`.
 * @param options Who must have issued it, and for whom.
 * @returns Its claims.
 * @throws {AuthError} `access_denied`.
 */
export async function verifyAccessToken(
  accessToken: string,
  keyId: string,
  member: 'kid' | 'jkt',
  options: ProofCheckOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const { keys, issuer, audience, now = Date.now } = options
  const getKey = typeof keys === 'function' ? keys : createLocalJWKSet(keys)
  const { payload } = await jwtVerify(accessToken, getKey, {
    ...{ issuer, audience, currentDate: new Date(now()), clockTolerance: 60 },
    algorithms: ['RS256', 'PS256', 'ES256'],
    requiredClaims: ['exp'],
  }).catch((error: unknown) => {
    throw refusal('invalid_token', 'the token is not valid', error)
  })
  const cnf = Object(payload['cnf']) as Readonly<Record<string, unknown>>
  const bound = cnf[member] ?? (member === 'kid' ? cnf['jkt'] : undefined)
  if (bound !== keyId) throw refusal('invalid_token', 'the token is bound to another key, or to none')
  return payload
}
