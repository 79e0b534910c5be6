/** What a credential needs of an X.509 certificate. */
export interface Certificate {
  readonly der: Uint8Array<ArrayBuffer>
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** In DER as hexadecimal: names are compared, not read. */
  readonly issuer: string
  readonly subject: string
  /** In ms since the epoch; both ends belong to it. */
  readonly notBefore: number
  readonly notAfter: number
}

/** A DER value: its tag, where it begins, and where its content begins and ends. */
interface Value {
  readonly tag: number
  readonly start: number
  readonly from: number
  readonly to: number
}

const SEQUENCE = 0x30
const VERSION = 0xa0

/**
 * Reads a certificate as far as a credential needs it; its signature is for others to check.
 *
 * @param der The certificate in DER.
 * @returns What it says.
 * @throws {TypeError} when it is not an X.509 certificate.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5280#section-4.1 RFC 5280, section 4.1}
 */
export function readCertificate(der: Uint8Array<ArrayBuffer>): Certificate {
  const whole = readValue(der, 0, der.length)
  const [signed] = readValues(der, whole)
  const fields = signed ? readValues(der, signed) : []
  if (fields[0]?.tag === VERSION) fields.shift()
  const [, , issuer, validity, subject, publicKey] = fields
  const [from, to] = validity ? readValues(der, validity) : []
  if (whole.to !== der.length || !issuer || !subject || publicKey?.tag !== SEQUENCE || !from || !to) throw broken()
  const hex = ({ from, to }: Value): string => Array.from(der.subarray(from, to), (byte) => byte.toString(16)).join()
  return {
    der,
    publicKey: der.slice(publicKey.start, publicKey.to),
    issuer: hex(issuer),
    subject: hex(subject),
    notBefore: readTime(der, from),
    notAfter: readTime(der, to),
  }
}

function readValue(der: Uint8Array, start: number, end: number): Value {
  const tag = der[start]
  let length = der[start + 1]
  let from = start + 2
  if (tag === undefined || length === undefined) throw broken()
  if (length > 0x84 || length === 0x80) throw broken()
  if (length > 0x80) {
    const size = length - 0x80
    length = der.subarray(from, from + size).reduce((sum, byte) => sum * 256 + byte, 0)
    from += size
  }
  const to = from + length
  if (to > end) throw broken()
  return { tag, start, from, to }
}

function readValues(der: Uint8Array, { tag, from, to }: Value): Value[] {
  if (tag !== SEQUENCE) throw broken()
  const values: Value[] = []
  for (let at = from; at < to; at = values.at(-1)!.to) values.push(readValue(der, at, to))
  return values
}

/** UTCTime has two digits of the year, GeneralizedTime four; both are to the second and in UTC. */
function readTime(der: Uint8Array, { tag, from, to }: Value): number {
  if (to - from > 15) throw broken()
  const digits = String.fromCharCode(...der.subarray(from, to))
  const text = tag === 0x17 ? `${digits < '5' ? 20 : 19}${digits}` : digits
  const time = Date.parse(text.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(time)) throw broken()
  return time
}

function broken(): TypeError {
  return new TypeError('Cannot read the certificate: expected X.509 in PEM')
}
