import type { ProofAlgorithm } from './ProofAlgorithm.js'

/**
 * Makes a key pair whose private key cannot be read out.
 *
 * @param algorithm What it signs with; RSA keys have 2048 bits.
 * @returns The pair.
 */
export function generateKeyPair(algorithm: ProofAlgorithm): Promise<CryptoKeyPair> {
  const rsa = {
    name: algorithm === 'PS256' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
  const chosen = algorithm === 'ES256' ? { name: 'ECDSA', namedCurve: 'P-256' } : rsa
  return crypto.subtle.generateKey(chosen, false, ['sign', 'verify'])
}
