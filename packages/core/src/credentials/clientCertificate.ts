import { expect } from '../arguments/expect.js'
import { isObject } from '../json/parseObject.js'
import type { ClientCredential } from '../ports/clientCredential.js'
import { certificateChain } from './certificateChain.js'
import { chooseAlgorithm } from './chooseAlgorithm.js'
import { readCertificate, type Certificate } from './readCertificate.js'
import { readPem } from './readPem.js'
import { readPrivateKey, type SignatureAlgorithm } from './readPrivateKey.js'
import { setClientAssertion } from './setClientAssertion.js'
import { signAssertion } from './signAssertion.js'
import { base64, computeThumbprint, readThumbprint } from './thumbprint.js'

/** What {@link clientCertificate} takes; a certificate, or at least one of its thumbprints, is needed. */
export interface ClientCertificateOptions {
  /** The certificate's RSA key: PKCS#8 in PEM, a private JWK, or a CryptoKey for `RSA-PSS` or `RSASSA-PKCS1-v1_5`. */
  readonly privateKey: string | JsonWebKey | CryptoKey
  /** The certificate in PEM; certificates of its issuers may be in the same text, in any order. */
  readonly certificate?: string | undefined
  /** Its SHA-1 thumbprint, 40 hexadecimal digits. Default: computed from the certificate. */
  readonly thumbprint?: string | undefined
  /** Its SHA-256 thumbprint, 64 hexadecimal digits. Default: computed from the certificate. */
  readonly thumbprintSha256?: string | undefined
  /** Sends the certificates too (`x5c`), for apps that trust a subject name and issuer. Default: false. */
  readonly sendX5c?: boolean | undefined
  /** More claims to sign; they win over the usual ones. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/** What signs, and what names it in an assertion's header. */
interface Signer {
  readonly key: CryptoKey
  readonly header: Readonly<Record<string, string | string[]>>
  readonly certificate: Certificate | undefined
}

/** In ms; an assertion is good for 600 s. */
const REUSED_FOR = 540_000
/** Tenants whose assertions are kept; a server for very many of them must not grow. */
const KEPT = 100

/**
 * Proves an app's identity with a certificate: a JWT signed with its key, good for 600 s and reused for 540 s.
 *
 * It is signed with PS256 and names the certificate by its SHA-256 thumbprint; with RS256 and SHA-1 where the authority (ADFS),
 * the CryptoKey or the lack of the SHA-256 thumbprint asks for it. Thumbprints are written without padding (RFC 7515 §4.1.7).
 *
 * @param options The key and its certificate.
 * @returns A credential for {@link createConfidentialClient}; printing it does not show the key.
 * @throws {TypeError} saying which option is wrong. What takes cryptography to see is seen at the first token request, which
 * rejects with it: a key that is not RSA, a certificate of another key, with another thumbprint, or outside of its validity.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-3 RFC 7523, section 3}
 */
export function clientCertificate(options: ClientCertificateOptions): ClientCredential {
  expect(isObject(options), 'the certificate options', 'an object')
  const { certificate, sendX5c = false, claims = {} } = options
  const privateKey = readPrivateKey(options.privateKey)
  const certificates = certificate === undefined ? undefined : readCertificates(certificate)
  const sha1 = readThumbprint('thumbprint', options.thumbprint, 20)
  const sha256 = readThumbprint('thumbprintSha256', options.thumbprintSha256, 32)
  expect(certificates || sha1 || sha256, 'the certificate', 'it in PEM, or a thumbprint')
  expect(typeof sendX5c === 'boolean' && (certificates || !sendX5c), 'sendX5c', 'a boolean, and a certificate to send')
  expect(isObject(claims), 'claims', 'an object')
  const ownClaims = copyJson(claims)
  const { algorithm } = privateKey
  const known = { algorithm, certificate: Boolean(certificates), sha1: Boolean(sha1), sha256: Boolean(sha256) }
  if (algorithm) chooseAlgorithm('entra', known)

  const signers = new Map<SignatureAlgorithm, Promise<Signer>>()
  const assertions = new Map<string, { readonly assertion: string; readonly signedAt: number }>()

  async function prepare(algorithm: SignatureAlgorithm): Promise<Signer> {
    const key = await privateKey.prepare(algorithm)
    const chain = certificates && (await certificateChain(certificates, key, algorithm))
    const own = chain?.[0]
    const x5t = own ? await computeThumbprint('SHA-1', own.der) : sha1
    const x5tS256 = own ? await computeThumbprint('SHA-256', own.der) : sha256
    expect(!sha1 || sha1 === x5t, 'thumbprint', "the certificate's own")
    expect(!sha256 || sha256 === x5tS256, 'thumbprintSha256', "the certificate's own")
    const header = algorithm === 'PS256' ? { 'x5t#S256': x5tS256! } : { x5t: x5t! }
    return {
      key,
      certificate: own,
      header: sendX5c ? { ...header, x5c: chain!.map(({ der }) => base64(der)) } : header,
    }
  }

  return {
    async apply(context, body) {
      const { clientId, tokenEndpoint, authorityKind } = context
      const now = context.now()
      const algorithm = chooseAlgorithm(authorityKind, known)
      if (!signers.has(algorithm)) signers.set(algorithm, prepare(algorithm))
      const { key, header, certificate } = await signers.get(algorithm)!
      if (certificate) checkValidity(certificate, now)
      const id = JSON.stringify([clientId, tokenEndpoint, algorithm])
      let { assertion, signedAt } = assertions.get(id) ?? { assertion: '', signedAt: Infinity }
      if (signedAt > now || now - signedAt > REUSED_FOR) {
        assertion = await signAssertion(key, context, header, ownClaims)
        assertions.delete(id)
        assertions.set(id, { assertion, signedAt: now })
        if (assertions.size > KEPT) assertions.delete(assertions.keys().next().value!)
      }
      setClientAssertion(body, assertion)
    },
  }
}

function readCertificates(pem: unknown): Certificate[] {
  const certificates = typeof pem === 'string' ? readPem(pem, 'CERTIFICATE').map(readCertificate) : []
  expect(certificates[0], 'the certificate', 'X.509 in PEM (BEGIN CERTIFICATE)')
  return certificates
}

/** What is signed is what was given, whatever becomes of the object. */
function copyJson(claims: object): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(claims)) as Record<string, unknown>
  } catch {
    throw new TypeError('Cannot use claims: expected what JSON can hold')
  }
}

function checkValidity({ notBefore, notAfter }: Certificate, now: number): void {
  const day = (time: number): string => new Date(time).toISOString()
  if (now > notAfter) throw new TypeError(`Cannot use the certificate: it expired on ${day(notAfter)}`)
  if (now < notBefore) throw new TypeError(`Cannot use the certificate: it is not valid before ${day(notBefore)}`)
}
