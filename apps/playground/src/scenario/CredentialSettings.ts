/** How the app proves who it is. */
export type CredentialSettings = SecretSettings | CertificateSettings | AssertionSettings

/** A client secret. */
export interface SecretSettings {
  readonly kind: 'secret'
  readonly secret: string
}

/** A certificate with its private key. */
export interface CertificateSettings {
  readonly kind: 'certificate'
  /** PEM, or a PFX in base64. */
  readonly file: string
  /** Empty for none. */
  readonly passphrase: string
  readonly sendX5c: boolean
}

/** A JWT that was signed elsewhere. */
export interface AssertionSettings {
  readonly kind: 'assertion'
  readonly assertion: string
}
