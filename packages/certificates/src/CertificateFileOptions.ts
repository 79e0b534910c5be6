/** How a file with a certificate and its private key is read and used. */
export interface CertificateFileOptions {
  /** What the file, or the key in it, was protected with. */
  readonly passphrase?: string | undefined
  /** Sends the certificate too (`x5c`), for apps that trust a subject name and issuer. Default: false. */
  readonly sendX5c?: boolean | undefined
}

/**
 * Checks the options.
 *
 * @param options What was given.
 * @returns The same, with defaults.
 * @throws {TypeError} saying which option is wrong.
 */
export function checkOptions(options: CertificateFileOptions = {}): { passphrase: string; sendX5c: boolean } {
  if (typeof options !== 'object' || options === null) throw new TypeError('Cannot use the options: expected an object')
  const { passphrase = '', sendX5c = false } = options
  if (typeof passphrase !== 'string') throw new TypeError('Cannot use passphrase: expected a string')
  if (typeof sendX5c !== 'boolean') throw new TypeError('Cannot use sendX5c: expected a boolean')
  return { passphrase, sendX5c }
}
