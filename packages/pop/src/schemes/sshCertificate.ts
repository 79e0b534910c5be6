import { AuthError, type TokenScheme } from '@latchkey/core'
import { expect, isText, parseObject } from '@latchkey/core/internal'
import { thumbprint } from '../keys/thumbprint.js'

/** What {@link sshCertificate} takes. */
export interface SshCertificateOptions {
  /** The public RSA key that the certificate is for, as a JWK. */
  readonly publicKey: JsonWebKey
  /** The key's name. Default: its thumbprint (RFC 7638). */
  readonly keyId?: string | undefined
}

/**
 * Asks Entra for an SSH certificate in place of a token, as the Azure CLI does: `accessToken` is the certificate's body, to be written
 * to a file after `ssh-rsa-cert-v01@openssh.com `.
 *
 * @param options The key that the certificate is for.
 * @returns A scheme, for the `scheme` option of the acquire functions; the scope is `https://pas.windows.net/CheckMyAccess/Linux/.default`.
 * @throws {TypeError} when an option is wrong.
 */
export function sshCertificate(options: SshCertificateOptions): TokenScheme {
  const { publicKey, keyId } = options ?? {}
  const { kty, n, e } = Object(publicKey) as JsonWebKey
  expect(kty === 'RSA' && isText(n) && isText(e), 'publicKey', 'an RSA key as a JWK')
  expect(keyId === undefined || isText(keyId), 'keyId', 'a non-empty string')
  const named = async (): Promise<string> => keyId ?? thumbprint({ e, kty, n })
  return {
    async binding() {
      return { credential_type: 'AccessToken_With_AuthScheme', token_type: 'ssh-cert', key_id: await named() }
    },
    async bind({ method, keyId }) {
      const parameters = { token_type: 'ssh-cert', req_cnf: JSON.stringify({ kty, n, e, kid: keyId }), key_id: keyId }
      return method === 'POST' ? { parameters } : {}
    },
    inspect({ status, text }) {
      const { access_token: certificate } = (typeof text === 'string' && status === 200 && parseObject(text)) || {}
      // All that OpenSSH writes in base64 begins with the length of a name.
      if (isText(certificate) && !certificate.startsWith('AAAA'))
        throw new AuthError('invalid_response', 'Cannot use the certificate: it is not one of OpenSSH')
      return false
    },
    authorize() {
      return Promise.reject(new TypeError('Cannot use an SSH certificate: expected a request without HTTP'))
    },
  }
}
