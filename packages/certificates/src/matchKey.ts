import { children, integer, octets, oid, parse } from './asn1.js'
import type { Bytes } from './bytes.js'
import { RSA } from './pkcs8.js'
import { Unreadable } from './Unreadable.js'

/** What a file holds. */
export interface KeysAndCertificates {
  /** RSA keys in PKCS#1; `undefined` for each of another kind. */
  readonly keys: (Bytes | undefined)[]
  /** In DER. */
  readonly certificates: Bytes[]
}

/** A private key in PKCS#1 and its own certificate, both in DER. */
export interface KeyAndCertificate {
  readonly key: Bytes
  readonly certificate: Bytes
}

const EXPLICIT = 0x80

/**
 * Finds the private key that has a certificate.
 *
 * @param file What the file holds.
 * @returns The two.
 * @throws {Unreadable} when there is no such key, more than one, or none of RSA.
 */
export function matchKey({ keys, certificates }: KeysAndCertificates): KeyAndCertificate {
  if (keys.length === 0) throw new Unreadable('there is no private key in it')
  if (certificates.length === 0) throw new Unreadable('there is no certificate in it')
  const rsaKeys = keys.filter((key) => key !== undefined)
  if (rsaKeys.length === 0) throw new Unreadable('its private key is not RSA, which is all that Entra takes')
  const moduli = certificates.map(modulusOfCertificate)
  const pairs = new Map<string, KeyAndCertificate>()
  for (const key of rsaKeys) {
    const modulus = modulusOfKey(key)
    const certificate = certificates[moduli.indexOf(modulus)]
    if (certificate) pairs.set(modulus, { key, certificate })
  }
  const [pair, ...others] = pairs.values()
  if (!pair) throw new Unreadable('no certificate in it belongs to the private key')
  if (others.length > 0) throw new Unreadable('there are several private keys with a certificate in it')
  return pair
}

function modulusOfKey(key: Bytes): string {
  return integer(children(parse(key))[1])
}

function modulusOfCertificate(certificate: Bytes): string | undefined {
  const fields = children(children(parse(certificate))[0])
  const [algorithm, key] = children(fields[fields[0]?.tagClass === EXPLICIT ? 6 : 5])
  // The first byte of a BIT STRING counts the unused bits of the last.
  return oid(children(algorithm)[0]) === RSA ? integer(children(parse(octets(key).subarray(1)))[0]) : undefined
}
