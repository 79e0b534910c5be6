import { children, octets, oid, parse, type Asn1 } from './asn1.js'
import type { Bytes } from './bytes.js'
import { decrypt } from './decrypt.js'
import { encodePem } from './encodePem.js'
import { matchKey, type KeysAndCertificates } from './matchKey.js'
import { spellPassphrase, type Passphrase } from './Passphrase.js'
import { unwrapRsaKey, wrapRsaKey } from './pkcs8.js'
import { Unreadable, WrongPassphrase } from './Unreadable.js'
import { verifyMac } from './verifyMac.js'

const DATA = '1.2.840.113549.1.7.1'
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const X509 = '1.2.840.113549.1.9.22.1'
const KEY = '1.2.840.113549.1.12.10.1.1'
const ENCRYPTED_KEY = '1.2.840.113549.1.12.10.1.2'
const CERTIFICATE = '1.2.840.113549.1.12.10.1.3'
const BAGS = '1.2.840.113549.1.12.10.1.6'

/**
 * Reads a PFX file.
 *
 * @param bytes The file.
 * @param passphrase What it is protected with; empty for none.
 * @returns The private key and its own certificate in PEM, as core reads them.
 * @throws {Unreadable} when the passphrase is wrong, or key and certificate are not there.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7292#section-4 RFC 7292, section 4}
 */
export async function readPfx(
  bytes: Uint8Array,
  passphrase: string,
): Promise<{ privateKey: string; certificate: string }> {
  const { key, certificate } = matchKey(await readFile(bytes, passphrase))
  return {
    privateKey: encodePem('PRIVATE KEY', wrapRsaKey(key)),
    certificate: encodePem('CERTIFICATE', certificate),
  }
}

async function readFile(bytes: Uint8Array, passphrase: string): Promise<KeysAndCertificates> {
  const [, content, mac] = children(parse(bytes))
  const safe = dataOf(content)
  let refusal: unknown
  for (const spelling of spellPassphrase(passphrase)) {
    try {
      if (mac) await verifyMac(mac, safe, spelling)
      return await readSafe(safe, spelling)
    } catch (error) {
      if (!(error instanceof WrongPassphrase)) throw error
      refusal = error
    }
  }
  throw passphrase === '' ? new Unreadable('it is protected by a passphrase') : refusal
}

async function readSafe(safe: Bytes, passphrase: Passphrase): Promise<KeysAndCertificates> {
  const found: KeysAndCertificates = { keys: [], certificates: [] }
  for (const content of children(parse(safe))) {
    const [type, holder] = children(content)
    if (oid(type) === ENCRYPTED_DATA) {
      const [, encrypted] = children(children(holder)[0])
      const [, algorithm, data] = children(encrypted)
      await readBags(await decrypt(algorithm, octets(data), passphrase), passphrase, found)
    } else {
      await readBags(parse(dataOf(content)), passphrase, found)
    }
  }
  return found
}

async function readBags(bags: Asn1, passphrase: Passphrase, found: KeysAndCertificates): Promise<void> {
  for (const bag of children(bags)) {
    const [type, holder] = children(bag)
    const [value] = children(holder)
    switch (oid(type)) {
      case KEY:
        found.keys.push(unwrapRsaKey(value))
        break
      case ENCRYPTED_KEY: {
        const [algorithm, data] = children(value)
        found.keys.push(unwrapRsaKey(await decrypt(algorithm, octets(data), passphrase)))
        break
      }
      case CERTIFICATE: {
        const [kind, certificate] = children(value)
        if (oid(kind) === X509) found.certificates.push(octets(children(certificate)[0]))
        break
      }
      case BAGS:
        await readBags(value!, passphrase, found)
    }
  }
}

/** What is in the envelope of plain data. */
function dataOf(content: Asn1 | undefined): Bytes {
  const [type, holder] = children(content)
  if (oid(type) !== DATA) throw new Unreadable('it is protected by a key instead of a passphrase')
  return octets(children(holder)[0])
}
