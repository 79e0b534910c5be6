import des from 'node-forge/lib/des.js'
import rc2 from 'node-forge/lib/rc2.js'
import util from 'node-forge/lib/util.js'
import { fromBinary, toBinary, type Bytes } from './bytes.js'
import { WrongPassphrase } from './Unreadable.js'

/** The ciphers of older files, which WebCrypto does not have; all in CBC mode. */
export type OldCipher = 'DES-CBC' | '3DES-CBC' | 'RC2-CBC'

/**
 * Decrypts what an older program encrypted.
 *
 * @param name The cipher.
 * @param key The key.
 * @param iv The initialization vector.
 * @param data The encrypted bytes.
 * @returns The bytes.
 * @throws {Unreadable} when the key is wrong, as far as the padding shows it.
 */
export function decipher(name: OldCipher, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Bytes {
  const secret = toBinary(key)
  // The length of its key tells DES from 3DES.
  const decrypt =
    name === 'RC2-CBC' ? rc2.createDecryptionCipher(secret, 8 * key.length) : des.createDecryptionCipher(secret)
  decrypt.start(toBinary(iv))
  decrypt.update(util.createBuffer(toBinary(data)))
  decrypt.finish(() => true) // which leaves the padding
  return unpad(fromBinary(decrypt.output.getBytes()))
}

function unpad(bytes: Bytes): Bytes {
  const size = bytes.at(-1) ?? 0
  const padding = bytes.subarray(-size)
  if (size < 1 || size > 8 || padding.some((byte) => byte !== size)) throw new WrongPassphrase()
  return bytes.subarray(0, -size)
}
