import { expect } from '../arguments/expect.js'
import { readPem } from './readPem.js'

/** How an assertion is signed (RFC 7518 §3.3 and §3.5). */
export type SignatureAlgorithm = 'PS256' | 'RS256'

/** A private key that can sign. */
export interface PrivateKey {
  /** What it can sign with, where that is fixed. */
  readonly algorithm: SignatureAlgorithm | undefined
  /** Makes it ready for one algorithm; rejects with a `TypeError` when it is no RSA key of 2048 bits or more. */
  readonly prepare: (algorithm: SignatureAlgorithm) => Promise<CryptoKey>
}

const RSA = 'an RSA key of 2048 bits or more'

/**
 * Reads a private key.
 *
 * @param key PKCS#8 in PEM, a private JWK, or a CryptoKey.
 * @returns The key, not yet imported.
 * @throws {TypeError} saying which kind of key it is instead, never what is in it.
 */
export function readPrivateKey(key: unknown): PrivateKey {
  if (typeof key === 'string') {
    const data = readPkcs8(key)
    return { algorithm: undefined, prepare: (algorithm) => importKey(algorithm, ['pkcs8', data]) }
  }
  expect(typeof key === 'object' && key !== null, 'the private key', 'PKCS#8 in PEM, a JWK or a CryptoKey')
  if ('algorithm' in key) {
    const own = key as CryptoKey
    const algorithm = algorithmOf(own)
    return { algorithm, prepare: () => checkSize(own) }
  }
  const { kty, n, e, d, p, q, dp, dq, qi } = key as JsonWebKey
  expect(kty === 'RSA' && d, 'the private key', 'an RSA key with its private part')
  // What else a JWK says, such as its `alg`, would tie it to one algorithm.
  const jwk = { kty, n, e, d, p, q, dp, dq, qi } as JsonWebKey
  return { algorithm: undefined, prepare: (algorithm) => importKey(algorithm, ['jwk', jwk]) }
}

/**
 * Names an algorithm as WebCrypto does.
 *
 * @param algorithm Its name in a JWT.
 * @returns What `importKey` and `verify` take.
 */
export function webCryptoAlgorithm(algorithm: SignatureAlgorithm): { name: string; hash: string; saltLength: number } {
  return { name: algorithm === 'PS256' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', saltLength: 32 }
}

function readPkcs8(pem: string): Uint8Array<ArrayBuffer> {
  const other = /-----BEGIN ((\w+) PRIVATE KEY)-----/.exec(pem)
  const advice = 'PKCS#8 (BEGIN PRIVATE KEY); @latchkey/certificates reads other kinds'
  expect(!other, `a private key in the form ${other?.[1]}`, other?.[2] === 'EC' ? RSA : advice)
  const [data] = readPem(pem, 'PRIVATE KEY')
  expect(data, 'the private key', advice)
  return data
}

function algorithmOf({ type, usages, algorithm }: CryptoKey): SignatureAlgorithm {
  const { name, hash } = algorithm as RsaHashedKeyAlgorithm
  const fits = type === 'private' && usages.includes('sign') && hash?.name === 'SHA-256'
  expect(
    fits && (name === 'RSA-PSS' || name === 'RSASSA-PKCS1-v1_5'),
    'the CryptoKey',
    'a private RSA-PSS or RSASSA-PKCS1-v1_5 key with SHA-256 that may sign',
  )
  return name === 'RSA-PSS' ? 'PS256' : 'RS256'
}

async function importKey(
  algorithm: SignatureAlgorithm,
  [format, data]: ['pkcs8', Uint8Array<ArrayBuffer>] | ['jwk', JsonWebKey],
): Promise<CryptoKey> {
  const importAs = webCryptoAlgorithm(algorithm)
  const imported =
    format === 'jwk'
      ? crypto.subtle.importKey(format, data, importAs, false, ['sign'])
      : crypto.subtle.importKey(format, data, importAs, false, ['sign'])
  // The reason may quote the key.
  return checkSize(await imported.catch(() => undefined))
}

async function checkSize(key: CryptoKey | undefined): Promise<CryptoKey> {
  expect(key && (key.algorithm as RsaHashedKeyAlgorithm).modulusLength >= 2048, 'the private key', RSA)
  return key
}
