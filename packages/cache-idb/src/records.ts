import { get, keys as allKeys, type UseStore } from 'idb-keyval'
import { asideName } from './asideName.js'
import { change } from './change.js'
import { KEY, idOf } from './encryptionKey.js'

/** What is kept of a partition. The initialisation vector is new with every write, so equal ones mean the same record. */
export interface StoredRecord {
  readonly version: 1
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

/** How many damaged records are kept aside. */
const MOST_ASIDE = 10
const nameOf = (partition: string): string => `p:${partition}`

/**
 * Tells whether a value is a record.
 *
 * @param value What is in the database.
 * @returns Whether it is.
 */
export function isRecord(value: unknown): value is StoredRecord {
  const { version, iv, data } = Object(value) as Partial<StoredRecord>
  return version === 1 && iv instanceof Uint8Array && iv.length === 12 && data instanceof ArrayBuffer
}

/**
 * Compares what was read with what is there.
 *
 * @param a An initialisation vector; none where there is no record.
 * @param b Another.
 * @returns Whether both stand for the same record, or for none.
 */
export function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a?.join() === b?.join()
}

/**
 * Reads a value.
 *
 * @param use The database.
 * @param partition Whose.
 * @returns A record, or whatever else is in its place.
 */
export async function readValue(use: UseStore, partition: string): Promise<unknown> {
  return get(nameOf(partition), use)
}

/**
 * Replaces a record, if it is the one that was read, and the database's key is still the one that the next is encrypted with: the user may
 * have cleared the site's data meanwhile.
 *
 * @param use The database.
 * @param partition Whose.
 * @param expected What was read.
 * @param next What is to be there.
 * @param keyId The key's name.
 * @returns Whether it was.
 * @throws {DOMException} `QuotaExceededError` where there is no room.
 */
export async function swapRecord(
  use: UseStore,
  partition: string,
  expected: Uint8Array | undefined,
  next: StoredRecord | undefined,
  keyId: string,
): Promise<boolean> {
  const name = nameOf(partition)
  return change(use, [name, KEY], ([value, key], store) => {
    const current = isRecord(value) ? value.iv : undefined
    if (!isSame(current, expected) || (value !== undefined && !current) || idOf(key) !== keyId) return false
    if (next) store.put(next, name)
    else store.delete(name)
    return true
  })
}

/**
 * Puts a value aside that cannot be read, if it is still there; the oldest of many go.
 *
 * @param use The database.
 * @param partition Whose.
 * @param damaged What was read.
 * @param now Milliseconds since the epoch.
 */
export async function putAside(use: UseStore, partition: string, damaged: unknown, now: number): Promise<void> {
  const name = nameOf(partition)
  const before = (await allKeys(use)).filter((name) => typeof name === 'string' && name.startsWith('damaged:'))
  await change(use, [name], ([value], store) => {
    if (isRecord(value) && !(isRecord(damaged) && isSame(value.iv, damaged.iv))) return
    for (const old of before.slice(0, Math.max(0, before.length + 1 - MOST_ASIDE))) store.delete(old)
    if (value !== undefined) store.put(value, asideName(now, partition))
    store.delete(name)
  })
}

/**
 * Lists the partitions.
 *
 * @param use The database.
 * @returns Their names.
 */
export async function listPartitions(use: UseStore): Promise<string[]> {
  const names = (await allKeys(use)).filter((name) => typeof name === 'string')
  return names.filter((name) => name.startsWith('p:')).map((name) => name.slice(2))
}
