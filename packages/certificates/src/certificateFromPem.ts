import { clientCertificate, type ClientCredential } from '@latchkey/core'
import { checkOptions, type CertificateFileOptions } from './CertificateFileOptions.js'
import { readUntrusted } from './Unreadable.js'

/**
 * Makes a certificate credential of a PEM text that holds a private key and its certificate, in any order.
 *
 * The key can be PKCS#8 or PKCS#1, each protected by a passphrase or not. Certificates of issuers may be there too; with `sendX5c`
 * they are sent after the private key's own.
 *
 * @param pem The text, at most 1 MiB; what is outside of its BEGIN and END lines is passed over.
 * @param options The key's passphrase, and whether to send the certificates.
 * @returns A credential for `createConfidentialClient`; printing it does not show the key.
 * @throws {TypeError} when an argument or the passphrase is wrong, or the text is damaged, does not hold one RSA key with its
 * certificate, or asks for too many iterations.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7468 RFC 7468}
 */
export async function certificateFromPem(pem: string, options?: CertificateFileOptions): Promise<ClientCredential> {
  const { passphrase, sendX5c } = checkOptions(options)
  if (typeof pem !== 'string') throw new TypeError('Cannot use the PEM: expected its text')
  const file = await readUntrusted('PEM', pem.length, async () => {
    const { readPem } = await import('./readPem.js')
    return readPem(pem, passphrase)
  })
  return clientCertificate({ ...file, sendX5c })
}
