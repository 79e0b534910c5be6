import { children, octets, parse } from './asn1.js'
import { fromBinary, type Bytes } from './bytes.js'
import { decrypt } from './decrypt.js'
import { decryptTraditional } from './decryptTraditional.js'
import { encodePem } from './encodePem.js'
import { matchKey, type KeysAndCertificates } from './matchKey.js'
import { spellPassphrase, type Passphrase } from './Passphrase.js'
import { unwrapRsaKey, wrapRsaKey } from './pkcs8.js'
import { Unreadable } from './Unreadable.js'

const BOUNDARY = /-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----/g

/**
 * Reads PEM: private keys of all common kinds, and certificates.
 *
 * @param text The PEM text; what is outside of its blocks is passed over.
 * @param passphrase What its key is protected with; empty for none.
 * @returns The private key and the certificates in PEM, as core reads them.
 * @throws {Unreadable} when the passphrase is wrong, or key and certificate are not there.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7468 RFC 7468}
 */
export async function readPem(text: string, passphrase: string): Promise<{ privateKey: string; certificate: string }> {
  const found = await readBlocks(text, passphrase)
  const { key } = matchKey(found)
  const certificates = found.certificates.map((der) => encodePem('CERTIFICATE', der))
  return { privateKey: encodePem('PRIVATE KEY', wrapRsaKey(key)), certificate: certificates.join('') }
}

async function readBlocks(text: string, passphrase: string): Promise<KeysAndCertificates> {
  const found: KeysAndCertificates = { keys: [], certificates: [] }
  const [spelling] = spellPassphrase(passphrase)
  let begin: RegExpExecArray | undefined
  for (const boundary of text.matchAll(BOUNDARY)) {
    const [, kind, label = ''] = boundary
    if (kind === 'END' && begin?.[2] === label) {
      const content = text.slice(begin.index + begin[0].length, boundary.index)
      if (label === 'CERTIFICATE') found.certificates.push(decode(content))
      else if (label.endsWith('PRIVATE KEY')) found.keys.push(await readKey(label, content, spelling))
    }
    begin = kind === 'BEGIN' ? boundary : undefined
  }
  return found
}

async function readKey(label: string, content: string, passphrase: Passphrase): Promise<Bytes | undefined> {
  const isEncrypted = label.startsWith('ENCRYPTED') || content.includes('Proc-Type: 4,ENCRYPTED')
  if (isEncrypted && passphrase.utf8.length === 0) throw new Unreadable('it is protected by a passphrase')
  switch (label) {
    case 'PRIVATE KEY':
      return unwrapRsaKey(parse(decode(content)))
    case 'ENCRYPTED PRIVATE KEY': {
      const [algorithm, data] = children(parse(decode(content)))
      return unwrapRsaKey(await decrypt(algorithm, octets(data), passphrase))
    }
    case 'RSA PRIVATE KEY':
      return isEncrypted ? decryptTraditional(content, passphrase) : decode(content)
    default:
      return undefined // of another kind, such as EC
  }
}

function decode(base64: string): Bytes {
  return fromBinary(atob(base64))
}
