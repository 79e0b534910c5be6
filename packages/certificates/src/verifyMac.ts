import { children, count, octets, oid, type Asn1 } from './asn1.js'
import type { Bytes } from './bytes.js'
import { derivePbkdf2 } from './derivePbkdf2.js'
import { derivePkcs12 } from './derivePkcs12.js'
import { hashName, type HashName } from './hashes.js'
import type { Passphrase } from './Passphrase.js'
import { WrongPassphrase } from './Unreadable.js'

const PBMAC1 = '1.2.840.113549.1.5.14'
/** Bytes of each hash. */
const SIZES = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }

/**
 * Verifies that a PFX file is what was protected with the passphrase.
 *
 * @param macData The file's `MacData`.
 * @param content What it covers.
 * @param passphrase The passphrase.
 * @throws {Unreadable} when it is not.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7292#section-4 RFC 7292, section 4} and
 * {@link https://www.rfc-editor.org/rfc/rfc9579 RFC 9579}
 */
export async function verifyMac(macData: Asn1, content: Bytes, passphrase: Passphrase): Promise<void> {
  const [digestInfo, salt, iterations] = children(macData)
  const [algorithm, digest] = children(digestInfo)
  const [identifier, parameters] = children(algorithm)
  let hash: HashName
  let secret: Bytes
  if (oid(identifier) === PBMAC1) {
    const [derivation, mac] = children(parameters)
    hash = hashName(oid(children(mac)[0]))
    secret = await derivePbkdf2(derivation, passphrase, SIZES[hash])
  } else {
    hash = hashName(oid(identifier))
    const times = iterations ? count(iterations) : 1
    secret = await derivePkcs12('mac', hash, octets(salt), times, passphrase, SIZES[hash])
  }
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['verify'])
  if (!(await crypto.subtle.verify('HMAC', key, octets(digest), content))) throw new WrongPassphrase()
}
