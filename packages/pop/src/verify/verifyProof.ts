import { calculateJwkThumbprint, compactVerify, decodeJwt, decodeProtectedHeader, importJWK, type JWK } from 'jose'
import { isObject } from '@latchkey/core/internal'
import type { ProofCheckOptions } from './ProofCheckOptions.js'
import { refusal } from './refusal.js'

/** A proof whose signature is its key's. */
export interface Proof {
  readonly payload: Readonly<Record<string, unknown>>
  /** The thumbprint of the key. */
  readonly keyId: string
}

/** More than any proof with a token in it; what is longer is not even read. */
const LIMIT = 32_768

/**
 * Checks that a proof was signed with the key that it names; whose key that is, is not said by this.
 *
 * @param jwt The proof.
 * @param typ What its header must call it.
 * @param keyOf Finds the public key in header and payload.
 * @param options The algorithms.
 * @param code What the error's challenge is to call it.
 * @returns What it says.
 * @throws {AuthError} `access_denied`.
 */
export async function verifyProof(
  jwt: string,
  typ: 'pop' | 'dpop+jwt',
  keyOf: (header: object, payload: object) => unknown,
  { algorithms = ['RS256', 'PS256', 'ES256'] }: ProofCheckOptions,
  code: 'invalid_token' | 'invalid_dpop_proof',
): Promise<Proof> {
  if (jwt.length > LIMIT) throw refusal(code, 'the proof is too long')
  try {
    const header = decodeProtectedHeader(jwt)
    if (header.typ?.toLowerCase() !== typ) throw refusal(code, `the proof is not of type ${typ}`)
    if (!algorithms.some((algorithm) => algorithm === header.alg)) throw refusal(code, 'the algorithm is not taken')
    const payload = decodeJwt(jwt)
    const jwk = keyOf(header, payload)
    if (!isObject(jwk) || !/^(RSA|EC)$/.test(`${jwk['kty']}`) || 'd' in jwk)
      throw refusal(code, 'the proof has no public key')
    await compactVerify(jwt, await importJWK(jwk as JWK, header.alg), { algorithms: [...algorithms] })
    return { payload, keyId: await calculateJwkThumbprint(jwk) }
  } catch (error) {
    throw (error as { code?: unknown }).code === 'access_denied'
      ? error
      : refusal(code, 'the proof is not valid', error)
  }
}
