import { children, octets, oid, type Asn1 } from './asn1.js'
import { concat, type Bytes } from './bytes.js'

/** The identifier of RSA keys, private and public. */
export const RSA = '1.2.840.113549.1.1.1'

/** Version 0 and the algorithm, as DER writes them. */
const RSA_PREFIX = [0x02, 1, 0, 0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0]

/**
 * Takes an RSA key out of its PKCS#8 envelope, and whatever attributes a program added.
 *
 * @param info The `PrivateKeyInfo`.
 * @returns The key as PKCS#1 has it; `undefined` where it is of another kind.
 * @throws {Unreadable} when it is no PKCS#8.
 */
export function unwrapRsaKey(info: Asn1 | undefined): Bytes | undefined {
  const [, algorithm, key] = children(info)
  return oid(children(algorithm)[0]) === RSA ? octets(key) : undefined
}

/**
 * Puts an RSA key into a PKCS#8 envelope.
 *
 * @param key The key as PKCS#1 has it.
 * @returns The `PrivateKeyInfo` in DER.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5208#section-5 RFC 5208, section 5}
 */
export function wrapRsaKey(key: Bytes): Bytes {
  return der(0x30, concat(Uint8Array.from(RSA_PREFIX), der(0x04, key)))
}

/** With the shortest length, which some runtimes insist on. */
function der(tag: number, content: Bytes): Bytes {
  const { length } = content
  const digits = [length >> 16, (length >> 8) & 0xff, length & 0xff]
  while (digits[0] === 0) digits.shift()
  const size = length < 0x80 ? [length] : [0x80 + digits.length, ...digits]
  return concat(Uint8Array.from([tag, ...size]), content)
}
