import { clientCertificate, type ClientCredential } from '@latchkey/core'
import { checkOptions, type CertificateFileOptions } from './CertificateFileOptions.js'
import { readUntrusted } from './Unreadable.js'

/**
 * Makes a certificate credential of a PFX (PKCS#12) file.
 *
 * Files of all ages are read: AES, 3DES and RC2, with the certificates of issuers in any order. With `sendX5c`, the private key's
 * own certificate is sent, without its issuers'.
 *
 * @param bytes The file, at most 1 MiB.
 * @param options Its passphrase, and whether to send the certificate.
 * @returns A credential for `createConfidentialClient`; printing it does not show the key.
 * @throws {TypeError} when an argument or the passphrase is wrong, or the file is damaged, does not hold one RSA key with its
 * certificate, or asks for too many iterations.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7292 RFC 7292}
 */
export async function certificateFromPfx(
  bytes: Uint8Array | ArrayBuffer,
  options?: CertificateFileOptions,
): Promise<ClientCredential> {
  const { passphrase, sendX5c } = checkOptions(options)
  // Bytes of another realm are bytes too.
  if (!/ (Uint8Array|ArrayBuffer)]$/.test(Object.prototype.toString.call(bytes)))
    throw new TypeError('Cannot use the PFX: expected its bytes')
  const file = await readUntrusted('PFX', bytes.byteLength, async () => {
    const copy = new Uint8Array(bytes).slice()
    const { readPfx } = await import('./readPfx.js')
    return readPfx(copy, passphrase)
  })
  return clientCertificate({ ...file, sendX5c })
}
