type Bytes = Uint8Array<ArrayBuffer>

/**
 * Makes a self-signed X.509 certificate of a key pair; equal keys give equal certificates.
 *
 * @param keys RSASSA-PKCS1-v1_5 with SHA-256, the public key extractable.
 * @param commonName The name of subject and issuer.
 * @returns The certificate in DER, valid from 2020 to 2049.
 * @see {@link https://www.rfc-editor.org/rfc/rfc5280#section-4.1 RFC 5280, section 4.1}
 */
export async function selfSign(keys: CryptoKeyPair, commonName: string): Promise<Bytes> {
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey))
  const serial = new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey)).slice(0, 16)
  serial[0] = (serial[0]! & 0x7f) | 0x40 // positive, and no leading zero
  const sha256WithRsa = der(0x30, hex('06092a864886f70d01010b'), hex('0500'))
  const name = der(0x30, der(0x31, der(0x30, hex('0603550403'), der(0x0c, ascii(commonName)))))
  const validity = der(0x30, der(0x17, ascii('200101000000Z')), der(0x17, ascii('491231235959Z')))
  const version3 = der(0xa0, hex('020102'))
  const certificate = der(0x30, version3, der(0x02, serial), sha256WithRsa, name, validity, name, publicKey)
  const signature = new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', keys.privateKey, certificate))
  return der(0x30, certificate, sha256WithRsa, der(0x03, hex('00'), signature))
}

function der(tag: number, ...parts: readonly Bytes[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Uint8Array.from([tag, ...size, ...parts.flatMap((part) => Array.from(part))])
}

function hex(digits: string): Bytes {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function ascii(text: string): Bytes {
  return new TextEncoder().encode(text)
}
