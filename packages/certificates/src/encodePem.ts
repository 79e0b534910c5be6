import { toBinary } from './bytes.js'

/**
 * Writes DER as PEM.
 *
 * @param label What it is, such as `CERTIFICATE`.
 * @param der The bytes.
 * @returns The PEM text, ending with a line break.
 */
export function encodePem(label: string, der: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${btoa(toBinary(der))}\n-----END ${label}-----\n`
}
