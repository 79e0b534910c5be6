import { createHash } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError, systemCode } from '../cacheError.js'
import { ABSENT, fileStamp, type FileStamp } from '../file/fileStamp.js'
import { readTrusted, stampOf } from '../file/readTrusted.js'
import type { Trust } from '../file/trust.js'
import type { KeyRing } from '../key/KeyRing.js'
import { Damaged, type Codec } from './Codec.js'
import { fileSlot } from './fileSlot.js'
import { partitionCodec } from './partitionCodec.js'
import { sealedWith } from './seal.js'
import type { Slot } from './Slot.js'

/** A folder of partitions. */
export interface PartitionFolder {
  readonly path: string
  /** Where a partition is. */
  fileOf(partition: string): string
  /** What a document store needs for a file of this folder. */
  entry(path: string, partition?: string): { slot: Slot; codec: Codec; lockPath: string }
  /** The files of all partitions. */
  list(): Promise<string[]>
  /** The name inside a file; `undefined` where it is gone, or cannot be a partition's. */
  nameIn(path: string): Promise<string | undefined>
  /** The id of the key of some file. */
  anyKeyId(): Promise<string | undefined>
  /** Looks at all files, in line: file → the id of its stamp. */
  scan(): ReadonlyMap<string, string>
  /** Looks whether files came, went or were replaced. */
  glance(): FileStamp
}

const FILE = /^[0-9a-f]{64}\.cache$/

/**
 * Describes a folder of partitions.
 *
 * @param path The folder.
 * @param options Which files are used, and their keys.
 * @returns The folder.
 */
export function partitionFolder(path: string, options: { trust: Trust; keys: KeyRing | undefined }): PartitionFolder {
  const { trust, keys } = options
  const names = new Map<string, string>()
  const hash = (partition: string): string => createHash('sha256').update(partition, 'utf16le').digest('hex')
  const folder: PartitionFolder = {
    path,
    fileOf: (partition) => join(path, `${hash(partition)}.cache`),
    entry(file, partition = '') {
      const codec = partitionCodec(file, keys).of(partition)
      return { slot: fileSlot(file, { trust, shared: false }), codec, lockPath: `${file}.lockfile` }
    },
    async list() {
      try {
        return (await readdir(path)).filter((name) => FILE.test(name)).map((name) => join(path, name))
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return []
        throw fileError('read', path, error)
      }
    },
    async nameIn(file) {
      const known = names.get(file)
      if (known !== undefined) return known
      const { bytes } = await readTrusted(file, trust)
      const read = bytes && (await partitionCodec(file, keys).read(bytes).catch(ifDamaged))
      // The name inside has to be the name outside: nobody can put a file in another partition's place.
      if (!read || folder.fileOf(read.partition) !== file) return undefined
      names.set(file, read.partition)
      return read.partition
    },
    async anyKeyId() {
      for (const file of await folder.list()) {
        try {
          const { bytes } = await readTrusted(file, trust)
          if (bytes) return sealedWith(bytes, file)
        } catch {
          // Another one may do.
        }
      }
      return undefined
    },
    scan() {
      const files = readdirSync(path).filter((name) => FILE.test(name))
      return new Map(files.map((name) => [join(path, name), stampOrNothing(join(path, name), trust)]))
    },
    glance() {
      const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
      return stats ? fileStamp(stats, trust.machine.now()) : ABSENT
    },
  }
  return folder
}

function stampOrNothing(file: string, trust: Trust): string {
  try {
    return stampOf(file, trust).id
  } catch {
    return ABSENT.id
  }
}

/** It is found, moved aside and reported when its partition is read. */
function ifDamaged(error: unknown): undefined {
  if (!(error instanceof Damaged)) throw error
}
