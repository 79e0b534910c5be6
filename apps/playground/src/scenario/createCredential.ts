import { certificateFromPem, certificateFromPfx } from '@latchkey/certificates'
import { clientAssertion, clientSecret, type ClientCredential } from '@latchkey/core'
import type { CertificateSettings, CredentialSettings } from './CredentialSettings.js'

/**
 * Makes the credential that settings describe.
 *
 * @param settings The settings.
 * @returns The credential.
 * @throws {TypeError} as Latchkey does, for a credential that is wrong, and for a text that is neither PEM nor base64.
 */
export async function createCredential(settings: CredentialSettings): Promise<ClientCredential> {
  switch (settings.kind) {
    case 'secret':
      return clientSecret(settings.secret)
    case 'certificate':
      return readCertificate(settings)
    case 'assertion':
      return clientAssertion(settings.assertion)
  }
}

function readCertificate({ file, ...options }: CertificateSettings): Promise<ClientCredential> {
  if (file.includes('-----BEGIN ')) return certificateFromPem(file, options)
  try {
    if (file !== '')
      return certificateFromPfx(
        Uint8Array.from(atob(file), (character) => character.charCodeAt(0)),
        options,
      )
  } catch {
    // said below
  }
  throw new TypeError('Cannot use the certificate: expected PEM, or a PFX in base64')
}
