/**
 * Writes DER as PEM.
 *
 * @param label `CERTIFICATE` or `PRIVATE KEY`.
 * @param der The bytes.
 * @returns The PEM text.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7468 RFC 7468}
 */
export function encodePem(label: string, der: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...der)).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/**
 * Reads the first block of a PEM text.
 *
 * @param pem The PEM text.
 * @returns Its bytes.
 * @throws {TypeError} when there is no such block.
 */
export function decodePem(pem: string): Uint8Array<ArrayBuffer> {
  const block = /-----BEGIN [A-Z ]+-----([^-]+)-----END/.exec(pem)?.[1]
  if (!block) throw new TypeError('Cannot read PEM: no block between BEGIN and END lines')
  return Uint8Array.from(atob(block.replace(/\s/g, '')), (character) => character.charCodeAt(0))
}
