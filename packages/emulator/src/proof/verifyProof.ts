import {
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWK,
  type JWTPayload,
} from 'jose'
import { ProofError } from './ProofError.js'

const algorithms = ['RS256', 'PS256', 'ES256']

/** A proof whose signature is right. */
export interface VerifiedProof {
  readonly payload: JWTPayload
  /** The thumbprint of the key that signed it. */
  readonly keyId: string
}

/**
 * Checks the signature of a proof with the key that it brings along.
 *
 * @param jwt The proof.
 * @param typ What its header must call it.
 * @param readKey Finds the key.
 * @returns What it says, and who says it.
 * @throws {ProofError} when it is not one.
 */
export async function verifyProof(
  jwt: string,
  typ: string,
  readKey: (header: object, payload: JWTPayload) => unknown,
): Promise<VerifiedProof> {
  try {
    const header = decodeProtectedHeader(jwt)
    if (header.typ?.toLowerCase() !== typ) throw new ProofError(`The proof is not of type ${typ}`)
    const unverified = JSON.parse(new TextDecoder().decode(decodePart(jwt))) as JWTPayload
    const jwk = Object(readKey(header, unverified)) as JWK
    if (jwk.d !== undefined || jwk.kty === 'oct') throw new ProofError('The key of the proof is not public')
    const { payload } = await compactVerify(jwt, await importJWK(jwk, header.alg), { algorithms })
    return {
      payload: JSON.parse(new TextDecoder().decode(payload)) as JWTPayload,
      keyId: await calculateJwkThumbprint(jwk),
    }
  } catch (error) {
    if (error instanceof ProofError) throw error
    if (error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError)
      throw new ProofError('The proof is malformed, or its signature is wrong')
    if (error instanceof DOMException) throw new ProofError('The key of the proof is not one')
    throw error
  }
}

function decodePart(jwt: string): Uint8Array<ArrayBuffer> {
  const text = (jwt.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
