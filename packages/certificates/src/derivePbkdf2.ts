import { children, count, octets, oid, type Asn1 } from './asn1.js'
import type { Bytes } from './bytes.js'
import { hashName } from './hashes.js'
import type { Passphrase } from './Passphrase.js'
import { Unreadable } from './Unreadable.js'

const PBKDF2 = '1.2.840.113549.1.5.12'
const SEQUENCE = 16

/**
 * Derives a key as PKCS#5 v2 does.
 *
 * @param algorithm The algorithm with its parameters, as the file gives it.
 * @param passphrase The passphrase.
 * @param size Bytes of the key.
 * @returns The key.
 * @throws {Unreadable} when it is not PBKDF2, or asks for too many iterations.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8018#section-5.2 RFC 8018, section 5.2}
 */
export async function derivePbkdf2(algorithm: Asn1 | undefined, passphrase: Passphrase, size: number): Promise<Bytes> {
  const [identifier, parameters] = children(algorithm)
  const derivation = oid(identifier)
  if (derivation !== PBKDF2) throw new Unreadable(`its key derivation ${derivation} is not supported`)
  // The key's length may come before the pseudo-random function, and either may be missing.
  const [salt, times, ...rest] = children(parameters)
  const pseudoRandom = rest.find(({ type }) => type === SEQUENCE)
  const hash = pseudoRandom ? hashName(oid(children(pseudoRandom)[0])) : 'SHA-1'
  const iterations = count(times)
  passphrase.spend(iterations, 'native')
  // HMAC fills its key up with zeros, so one zero is the same as nothing, which WebKit does not take.
  const secret = passphrase.utf8.length > 0 ? passphrase.utf8 : new Uint8Array(1)
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits'])
  const bits = crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt: octets(salt), iterations }, key, 8 * size)
  return new Uint8Array(await bits)
}
