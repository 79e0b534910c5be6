import { parse } from './asn1.js'
import { concat, fromBinary, type Bytes } from './bytes.js'
import { decryptCbc } from './decrypt.js'
import { hashRepeatedly } from './hashes.js'
import type { Passphrase } from './Passphrase.js'
import { Unreadable, WrongPassphrase } from './Unreadable.js'

/** By the name in `DEK-Info`: the cipher and the bytes of its key. */
const CIPHERS = {
  'AES-128-CBC': ['AES-CBC', 16],
  'AES-192-CBC': ['AES-CBC', 24],
  'AES-256-CBC': ['AES-CBC', 32],
  'DES-EDE3-CBC': ['3DES-CBC', 24],
  'DES-CBC': ['DES-CBC', 8],
} as const

/**
 * Decrypts the traditional form of OpenSSL, whose headers name the cipher (RFC 1421 §4.6.1.1 and §4.6.1.3).
 *
 * @param content What is between the BEGIN and the END line.
 * @param passphrase The passphrase.
 * @returns What was encrypted.
 * @throws {Unreadable} when the passphrase is wrong, or the cipher is not supported.
 */
export async function decryptTraditional(content: string, passphrase: Passphrase): Promise<Bytes> {
  const [, name = '', digits = '', base64 = ''] = /DEK-Info: ([\w-]+),([\dA-Fa-f]+)\s([^:]*)$/.exec(content) ?? []
  const [cipher, size] = CIPHERS[name as keyof typeof CIPHERS] ?? []
  if (!cipher || !size) throw new Unreadable('its encryption is not supported; write it again as PKCS#8')
  const iv = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const salt = iv.subarray(0, 8)
  let key: Bytes = new Uint8Array()
  let last: Bytes = key
  while (key.length < size) {
    last = await hashRepeatedly('MD5', concat(last, passphrase.utf8, salt), 1)
    key = concat(key, last)
  }
  const decrypted = await decryptCbc(cipher, key.slice(0, size), iv, fromBinary(atob(base64)))
  try {
    parse(decrypted)
  } catch {
    throw new WrongPassphrase()
  }
  return decrypted
}
