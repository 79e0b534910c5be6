import { expect } from '../arguments/expect.js'
import type { ClientCredentialContext } from '../ports/clientCredential.js'
import type { SignatureAlgorithm } from './readPrivateKey.js'

/** What is known before anything is signed. */
export interface KnownOfCertificate {
  /** What the key signs with, where that is fixed. */
  readonly algorithm: SignatureAlgorithm | undefined
  /** Whether the certificate itself is there, so that every thumbprint can be computed. */
  readonly certificate: boolean
  /** Whether the SHA-1 and the SHA-256 thumbprints were given. */
  readonly sha1: boolean
  readonly sha256: boolean
}

/**
 * Chooses what an assertion is signed with; the thumbprint that names the certificate follows from it.
 *
 * @param kind The kind of the authority. ADFS knows RS256 and SHA-1 only; other OIDC providers get them if both are possible.
 * @param known What is known of key and certificate.
 * @returns PS256, which goes with `x5t#S256`, or RS256, which goes with `x5t`.
 * @throws {TypeError} when key, thumbprints and authority do not fit together.
 */
export function chooseAlgorithm(
  kind: ClientCredentialContext['authorityKind'],
  known: KnownOfCertificate,
): SignatureAlgorithm {
  const { certificate, sha1, sha256 } = known
  const isAdfs = kind === 'adfs'
  expect(!isAdfs || known.algorithm !== 'PS256', 'an RSA-PSS key', 'RSASSA-PKCS1-v1_5, which ADFS verifies')
  const prefersSha1 = isAdfs || (kind === 'oidc' && sha1 && sha256)
  const algorithm = known.algorithm ?? ((certificate || sha256) && !prefersSha1 ? 'PS256' : 'RS256')
  const needed = algorithm === 'PS256' ? 'thumbprintSha256' : 'thumbprint (SHA-1)'
  expect(
    certificate || (algorithm === 'PS256' ? sha256 : sha1),
    'the certificate',
    `it, or its ${needed}, for ${algorithm}`,
  )
  return algorithm
}
