import type { StoredRecord } from './records.js'

/**
 * Encrypts a document: AES-256-GCM, bound to its partition.
 *
 * @param subtle The browser's.
 * @param key The key.
 * @param partition Whose.
 * @param text The document's JSON.
 * @returns The record.
 */
export async function seal(
  subtle: SubtleCrypto,
  key: CryptoKey,
  partition: string,
  text: string,
): Promise<StoredRecord> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { version: 1, iv, data: await subtle.encrypt(algorithm(iv, partition), key, new TextEncoder().encode(text)) }
}

/**
 * Decrypts a record.
 *
 * @param subtle The browser's.
 * @param key The key.
 * @param partition Whose.
 * @param record The record.
 * @returns The document's JSON.
 * @throws {Error} when it was changed, is another partition's, or the key is another.
 */
export async function open(
  subtle: SubtleCrypto,
  key: CryptoKey,
  partition: string,
  { iv, data }: StoredRecord,
): Promise<string> {
  const bytes = await subtle.decrypt(algorithm(iv, partition), key, data)
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

/** As JSON, because UTF-8 would make some names equal. */
const algorithm = (iv: BufferSource, partition: string): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(JSON.stringify(partition)),
})
