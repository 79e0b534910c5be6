import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { cacheError } from '../cacheError.js'
import type { KeyRing } from '../key/KeyRing.js'
import { Damaged } from './Codec.js'

/** The first bytes of an encrypted cache. */
const MAGIC = Buffer.from('LATCHKEY')
const VERSION = 1
const ID_BYTES = 8
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = MAGIC.length + 1 + ID_BYTES + NONCE_BYTES

/** Encrypts and decrypts: `LATCHKEY`, version, key id, nonce, AES-256-GCM of the text, tag; the first three are authenticated, too. */
export interface Seal {
  open(bytes: Buffer): Promise<Buffer>
  /** In parts. */
  close(plain: Uint8Array): Promise<Buffer[]>
}

/**
 * Makes a seal.
 *
 * @param path The file, for messages.
 * @param keys Where its key is.
 * @returns The seal.
 */
export function seal(path: string, keys: KeyRing): Seal {
  let used: string | undefined
  return {
    async open(bytes) {
      const id = sealedWith(bytes, path)
      const { key } = await keys.find(id, path)
      const nonce = bytes.subarray(HEADER_BYTES - NONCE_BYTES, HEADER_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(bytes.subarray(0, HEADER_BYTES - NONCE_BYTES))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      const first = decipher.update(bytes.subarray(HEADER_BYTES, -TAG_BYTES))
      try {
        decipher.final()
      } catch {
        throw new Damaged('does not pass the check of its encryption')
      }
      used = id
      return first
    },
    async close(plain) {
      const { id, key } = used === undefined ? await keys.current(path) : await keys.find(used, path)
      used = id
      const nonce = randomBytes(NONCE_BYTES)
      const prefix = Buffer.concat([MAGIC, Buffer.of(VERSION), Buffer.from(id, 'hex')])
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(prefix)
      return [prefix, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]
    },
  }
}

/**
 * Tells whether a file is encrypted.
 *
 * @param bytes The file, or its beginning.
 * @returns Whether it begins as such.
 */
export function isSealed(bytes: Buffer): boolean {
  return bytes.subarray(0, MAGIC.length).equals(MAGIC)
}

/**
 * Says which key a file was encrypted with.
 *
 * @param bytes The file, or its beginning.
 * @param path The file, for messages.
 * @returns The key's id.
 * @throws {Damaged} where it is not an encrypted cache.
 * @throws {AuthError} `cache_corrupt` where a newer version wrote it, which is left alone.
 */
export function sealedWith(bytes: Buffer, path: string): string {
  if (!isSealed(bytes)) throw new Damaged('is not an encrypted cache')
  const version = bytes[MAGIC.length]
  if (version !== undefined && version > VERSION) {
    const message = `Cannot read ${path}: a newer version of @latchkey/cache-node wrote it (${version}); update this one`
    throw cacheError('too_new', message)
  }
  if (version !== VERSION || bytes.length < HEADER_BYTES + TAG_BYTES) throw new Damaged('is cut off')
  return bytes.toString('hex', MAGIC.length + 1, MAGIC.length + 1 + ID_BYTES)
}
