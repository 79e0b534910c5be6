import type { AuthError, CacheDocument } from '@latchkey/core'
import { get } from 'idb-keyval'
import type { Content } from '@latchkey/core/internal'
import { corruption, degradation } from './cacheError.js'
import { idOf, KEY } from './encryptionKey.js'
import type { CheckedOptions } from './IdbCacheOptions.js'
import { openDisk, type Disk } from './openDisk.js'
import { parseDocument } from './parseDocument.js'
import type { Platform } from './platform.js'
import { isRecord, isSame, listPartitions, putAside, readValue, swapRecord } from './records.js'
import { report } from './report.js'
import { open, seal } from './seal.js'

/** What is known of a partition. */
export interface Known {
  /** Of the record that it was read from; none where there is no record. */
  readonly iv: Uint8Array | undefined
  readonly document: CacheDocument | undefined
  /** It is newer than the record, because it could not be written. */
  readonly isUnsaved?: boolean
}

/** The partitions in the database, or in memory where the database fails. Nothing here rejects. */
export interface StoredPartitions {
  /** Reads one; the same object while nothing was written. */
  read(partition: string): Promise<Known>
  /** Writes one, if it is as it was read; says whether it was. */
  write(partition: string, before: Known, content: Content): Promise<boolean>
  /** Keeps one that could not be written, until it can be. */
  keepInMemory(partition: string, before: Known, content: Content, error: AuthError): void
  /** Lists those that hold something. */
  list(): Promise<string[]>
}

const NOTHING: Known = { iv: undefined, document: undefined }

/**
 * Opens the partitions when they are first needed.
 *
 * @param platform The browser.
 * @param options Where they are, and who is told of what goes wrong.
 * @param onWritten Called with what was written.
 * @returns The partitions.
 */
export function storedPartitions(
  platform: Platform,
  options: CheckedOptions,
  onWritten: (partition: string) => void,
): StoredPartitions {
  const known = new Map<string, Known>()
  let opening: Promise<Disk | undefined> | undefined
  let isBlocked = false
  let isFailing = false

  return { read, write, keepInMemory, list }

  async function read(partition: string): Promise<Known> {
    const remembered = (): Known => known.get(partition) ?? NOTHING
    const disk = await openOnce()
    if (!disk) return remembered()
    try {
      const value = await readValue(disk.use, partition)
      const isSound = value === undefined || isRecord(value)
      const iv = isRecord(value) ? value.iv : undefined
      if (isSound && isSame(iv, remembered().iv)) return remembered()
      known.delete(partition)
      if (value === undefined) return NOTHING
      const document = isRecord(value) && (await decrypt(disk, partition, value))
      if (!document) {
        if (await isReplaced(disk)) return read(partition)
        await putAside(disk.use, partition, value, options.now())
        report(options.onCorrupt, corruption('damaged', 'a record is damaged'), partition)
        return NOTHING
      }
      // Another call may have read the same meanwhile: look-ups keep an index of that object.
      if (!isSame(iv, remembered().iv)) known.set(partition, { iv, document })
      return remembered()
    } catch (error) {
      block(error)
      return remembered()
    }
  }

  async function write(partition: string, before: Known, content: Content): Promise<boolean> {
    const { text, document } = content
    const disk = await openOnce()
    if (!disk) {
      known.set(partition, { iv: undefined, document })
      return true
    }
    try {
      const record = text === undefined ? undefined : await seal(disk.subtle, disk.key, partition, text)
      if (!(await swapRecord(disk.use, partition, before.iv, record, disk.keyId))) {
        await isReplaced(disk)
        return false
      }
      if (record) known.set(partition, { iv: record.iv, document })
      else known.delete(partition)
      isFailing = false
      onWritten(partition)
    } catch (error) {
      const isFull = (Object(error) as Error).name === 'QuotaExceededError'
      keepInMemory(partition, before, content, degradation(isFull ? 'storage_full' : 'storage_failed', error))
    }
    return true
  }

  function keepInMemory(partition: string, { iv }: Known, { document }: Content, error: AuthError): void {
    known.set(partition, { iv, document, isUnsaved: true })
    // Once, until a write succeeds again.
    if (!isFailing) report(options.onDegraded, error)
    isFailing = true
  }

  async function list(): Promise<string[]> {
    const names = new Set<string>()
    const disk = await openOnce()
    try {
      if (disk) for (const name of await listPartitions(disk.use)) names.add(name)
    } catch (error) {
      block(error)
    }
    for (const [partition, { document, isUnsaved }] of known) {
      if (!isUnsaved && !isBlocked) continue
      if (document) names.add(partition)
      else names.delete(partition)
    }
    return [...names]
  }

  async function openOnce(): Promise<Disk | undefined> {
    opening ??= openDisk(platform, options).catch((error: unknown) => {
      block(error)
      return undefined
    })
    const disk = await opening
    return isBlocked ? undefined : disk
  }

  /** The user cleared the site's data, or another tab the key: then all is opened anew. */
  async function isReplaced(disk: Disk): Promise<boolean> {
    if (idOf(await get(KEY, disk.use)) === disk.keyId) return false
    if ((await opening) === disk) opening = undefined
    return true
  }

  /** From now on what is known is all there is: the user goes on with it. */
  function block(error: unknown): void {
    if (!isBlocked) report(options.onDegraded, degradation('storage_blocked', error))
    isBlocked = true
  }
}

async function decrypt({ subtle, key }: Disk, partition: string, record: Parameters<typeof open>[3]) {
  try {
    return parseDocument(await open(subtle, key, partition, record))
  } catch {
    return undefined
  }
}
