import { decode, encode } from './base64.js'
import { cacheError } from './cacheError.js'
import type { KeyRing } from './keyRing.js'
import { damaged, headOf, writeRecord, type StoredRecord } from './record.js'

/** Makes records of texts, and texts of records. */
export interface Sealer {
  /**
   * Makes a new record.
   *
   * @param key Where it will be; an encrypted record can be read nowhere else.
   * @param text What is to be kept.
   * @returns The value, and its head.
   */
  seal(key: string, text: string): Promise<{ readonly head: string; readonly value: string }>
  /**
   * Reads a record.
   *
   * @param key Where it is.
   * @param record The record.
   * @returns The text.
   * @throws {AuthError} `cache_corrupt` when it cannot be read.
   */
  open(key: string, record: StoredRecord): Promise<string>
}

/** Makes records of plain JSON. */
export const plainSealer: Sealer = {
  async seal(_key, text) {
    const head = headOf(encode(newTag()))
    return { head, value: writeRecord({ head, keyId: '', payload: text }) }
  },
  async open(_key, { keyId, payload }) {
    if (keyId) throw cacheError('cache_corrupt', 'key_missing', 'a value is encrypted, and no encryptionKey was given')
    return payload
  },
}

/**
 * Makes encrypted records: AES-256-GCM, with the place as additional data, so that nobody can put one user's value in another's place.
 *
 * @param keys The keys.
 * @returns The sealer.
 * @see {@link https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf NIST SP 800-38D, section 8.2.2}
 */
export function encryptingSealer(keys: KeyRing): Sealer {
  return {
    async seal(place, text) {
      const { id, key } = await keys.newest
      const iv = newTag()
      const data = await crypto.subtle.encrypt(algorithm(iv, place), key, new TextEncoder().encode(text))
      const head = headOf(encode(iv))
      return { head, value: writeRecord({ head, keyId: id, payload: encode(new Uint8Array(data)) }) }
    },
    async open(place, { tag, keyId, payload }) {
      if (!keyId) throw cacheError('cache_corrupt', 'not_encrypted', 'a value is not encrypted, though it should be')
      const key = await keys.find(keyId)
      if (!key) throw cacheError('cache_corrupt', 'key_missing', 'the key of a value is not in encryptionKey')
      try {
        const text = await crypto.subtle.decrypt(algorithm(decode(tag), place), key, decode(payload))
        return new TextDecoder('utf-8', { fatal: true }).decode(text)
      } catch {
        throw damaged('a value was changed, or put in another place')
      }
    },
  }
}

const newTag = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(12))

const algorithm = (iv: BufferSource, place: string): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(place),
})
