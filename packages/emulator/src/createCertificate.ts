import { base64url } from 'jose'
import { generateSigningKey } from './generateSigningKey.js'
import { encodePem } from './pem.js'
import { selfSign } from './selfSign.js'
import { thumbprint } from './thumbprint.js'

/** A self-signed certificate with its private key, to register with an app of the emulator. */
export interface TestCertificate {
  /** PKCS#8 PEM. */
  readonly privateKey: string
  /** X.509 PEM. */
  readonly certificate: string
  /** SHA-1 of the certificate, in hexadecimal. */
  readonly thumbprint: string
  /** SHA-256 of the certificate, in hexadecimal. */
  readonly thumbprintSha256: string
}

/**
 * Creates a certificate for tests of certificate credentials.
 *
 * @param commonName The name of its subject, in ASCII.
 * @returns The certificate and its key.
 */
export async function createCertificate(commonName = 'Latchkey emulator app'): Promise<TestCertificate> {
  const keys = await generateSigningKey()
  const certificate = await selfSign(keys, commonName)
  return {
    privateKey: encodePem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey))),
    certificate: encodePem('CERTIFICATE', certificate),
    thumbprint: hex(await thumbprint('SHA-1', certificate)),
    thumbprintSha256: hex(await thumbprint('SHA-256', certificate)),
  }
}

function hex(digest: string): string {
  return Array.from(base64url.decode(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
