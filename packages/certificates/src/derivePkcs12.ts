import { concat, type Bytes } from './bytes.js'
import { hashRepeatedly, type HashName } from './hashes.js'
import type { Passphrase } from './Passphrase.js'

/** What a key is for. */
export type Purpose = 'key' | 'iv' | 'mac'

const PURPOSES = { key: 1, iv: 2, mac: 3 }
/** The block of each hash, in bytes. */
const BLOCKS = { 'SHA-1': 64, 'SHA-256': 64, 'SHA-384': 128, 'SHA-512': 128 }

/**
 * Derives a key as PKCS#12 does, which is older than PBKDF2.
 *
 * @param purpose What it is for.
 * @param hash The hash.
 * @param salt The salt.
 * @param iterations How often to hash.
 * @param passphrase The passphrase.
 * @param size Bytes of the key.
 * @returns The key.
 * @throws {Unreadable} when it asks for too many iterations.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7292#appendix-B.2 RFC 7292, appendix B.2}
 */
export async function derivePkcs12(
  purpose: Purpose,
  hash: HashName,
  salt: Uint8Array,
  iterations: number,
  passphrase: Passphrase,
  size: number,
): Promise<Bytes> {
  const block = BLOCKS[hash]
  const blocks = [fill(salt, block), fill(passphrase.utf16, block)].flatMap((bytes) => split(bytes, block))
  let key = new Uint8Array()
  while (key.length < size) {
    passphrase.spend(iterations, 'javascript')
    const begin = concat(new Uint8Array(block).fill(PURPOSES[purpose]), ...blocks)
    const digest = await hashRepeatedly(hash, begin, iterations)
    key = concat(key, digest)
    const addend = fill(digest, block).subarray(0, block)
    for (const each of blocks) addWithOne(each, addend)
  }
  return key.slice(0, size)
}

/** Repeats bytes until they fill whole blocks. */
function fill(bytes: Uint8Array, block: number): Bytes {
  const size = block * Math.ceil(bytes.length / block)
  return Uint8Array.from({ length: size }, (_, at) => bytes[at % bytes.length]!)
}

function split(bytes: Bytes, block: number): Bytes[] {
  return Array.from({ length: bytes.length / block }, (_, at) => bytes.slice(at * block, (at + 1) * block))
}

/** Adds one number to another, and one more; what goes beyond the first byte is lost. */
function addWithOne(bytes: Uint8Array, addend: Uint8Array): void {
  let carry = 1
  for (let at = bytes.length - 1; at >= 0; at--) {
    carry += bytes[at]! + addend[at]!
    bytes[at] = carry
    carry >>= 8
  }
}
