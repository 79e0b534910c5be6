import { cacheError } from './cacheError.js'

/**
 * What is kept under a key: `1.TAG.KEY_ID.PAYLOAD`. The tag is new with every write, so two records with the same head are the same;
 * of an encrypted record it is the initialisation vector, too. Without a key id the payload is JSON, else it is base64.
 */
export interface StoredRecord {
  readonly head: string
  readonly tag: string
  readonly keyId: string
  readonly payload: string
}

/** The most characters of a record; a cache of one user's tokens has some tens of thousands. */
export const MAX_CHARACTERS: number = 2 ** 24

/**
 * Takes a value apart.
 *
 * @param value What is in Redis.
 * @returns Its parts.
 * @throws {AuthError} `cache_corrupt` when it is not such a record.
 */
export function readRecord(value: string): StoredRecord {
  if (value.length > MAX_CHARACTERS) throw cacheError('cache_corrupt', 'too_large', 'a value in it is too large')
  const match = /^1\.([A-Za-z0-9+/]{16})\.([A-Za-z0-9+/]{12})?\./.exec(value)
  if (!match) throw damaged('a value is not a record of this cache')
  const [start, tag = '', keyId = ''] = match
  return { head: headOf(tag), tag, keyId, payload: value.slice(start.length) }
}

/**
 * Puts a value together.
 *
 * @param record Its parts.
 * @returns What is kept in Redis.
 * @throws {AuthError} `cache_corrupt` when it would be too large to be read again.
 */
export function writeRecord({ head, keyId, payload }: Omit<StoredRecord, 'tag'>): string {
  const value = `${head}${keyId}.${payload}`
  if (value.length > MAX_CHARACTERS) throw cacheError('cache_corrupt', 'too_large', 'a partition grew too large')
  return value
}

/**
 * Gives the start of a record.
 *
 * @param tag Its tag.
 * @returns What no other record starts with.
 */
export function headOf(tag: string): string {
  return `1.${tag}.`
}

/**
 * Makes the error of a value that cannot be read.
 *
 * @param reason Why.
 * @returns The error.
 */
export function damaged(reason: string): Error {
  return cacheError('cache_corrupt', 'damaged', reason)
}
