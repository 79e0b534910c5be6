import asn1, { type Asn1 } from 'node-forge/lib/asn1.js'
import { fromBinary, toBinary, type Bytes } from './bytes.js'
import { Unreadable } from './Unreadable.js'

export type { Asn1 }

/**
 * Parses DER or BER; node-forge limits how deep it nests.
 *
 * @param bytes One value, and nothing after it.
 * @returns The value.
 * @throws {Error} when it is anything else.
 */
export function parse(bytes: Uint8Array): Asn1 {
  return asn1.fromDer(toBinary(bytes), { strict: true, decodeBitStrings: false })
}

/**
 * Opens a SEQUENCE, a SET or an explicit tag.
 *
 * @param value The value.
 * @returns What is in it.
 * @throws {Unreadable} when nothing can be in it.
 */
export function children(value: Asn1 | undefined): Asn1[] {
  if (!value || typeof value.value === 'string') throw malformed()
  return value.value
}

/**
 * Reads an OCTET STRING, which BER may cut into pieces.
 *
 * @param value The value.
 * @returns Its bytes.
 * @throws {Unreadable} when there is none.
 */
export function octets(value: Asn1 | undefined): Bytes {
  if (!value) throw malformed()
  const join = ({ value }: Asn1): string => (typeof value === 'string' ? value : value.map(join).join(''))
  return fromBinary(join(value))
}

/**
 * Reads an OBJECT IDENTIFIER.
 *
 * @param value The value.
 * @returns It with dots.
 * @throws {Unreadable} when it is something else.
 */
export function oid(value: Asn1 | undefined): string {
  if (value?.type !== 6 || typeof value.value !== 'string') throw malformed()
  return asn1.derToOid(value.value)
}

/**
 * Reads an INTEGER of any size.
 *
 * @param value The value.
 * @returns Its bytes, a character for each, to compare it by.
 * @throws {Unreadable} when it is something else.
 */
export function integer(value: Asn1 | undefined): string {
  if (value?.type !== 2 || typeof value.value !== 'string') throw malformed()
  return value.value
}

/**
 * Reads an INTEGER that counts something.
 *
 * @param value The value.
 * @returns The number, from 1 to 2³¹-1.
 * @throws {Unreadable} when it is something else.
 */
export function count(value: Asn1 | undefined): number {
  const bytes = integer(value)
  const number = bytes.length > 4 ? 0 : asn1.derToInteger(bytes)
  if (number < 1) throw malformed()
  return number
}

function malformed(): Unreadable {
  return new Unreadable('its structure is wrong')
}
