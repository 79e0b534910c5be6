import type { CacheDocument } from '@latchkey/core'
import { isObject, parseObject } from '@latchkey/core/internal'
import type { KeyRing } from '../key/KeyRing.js'
import { Damaged, type Codec } from './Codec.js'
import { checkSections, decodeText } from './parseCache.js'
import { encrypted } from './plainCodec.js'
import { isSealed, seal } from './seal.js'
import { unencrypted } from './sealedCodec.js'

/** A partition's file, read. */
export interface PartitionFile {
  readonly partition: string
  readonly document: CacheDocument
}

/** Turns a partition and its name into bytes, and back. */
export interface PartitionCodec {
  /** Makes the codec of one partition. */
  of(partition: string): Codec
  /** Reads a file of any partition; `undefined` for an empty one. */
  read(bytes: Buffer): Promise<PartitionFile | undefined>
}

/**
 * Makes the codec of a file in a folder.
 *
 * @param path The file, for messages.
 * @param keys Where its key is; none for plain text.
 * @returns The codec.
 */
export function partitionCodec(path: string, keys: KeyRing | undefined): PartitionCodec {
  const sealed = keys && seal(path, keys)
  const read = async (bytes: Buffer): Promise<PartitionFile | undefined> => {
    if (bytes.length === 0) return undefined
    if (!sealed && isSealed(bytes)) throw encrypted(path)
    if (sealed && !isSealed(bytes) && parse(bytes)) throw unencrypted(path)
    const file = parse(sealed ? await sealed.open(bytes) : bytes)
    if (!file) throw new Damaged('is not the cache of a partition')
    return file
  }
  return {
    read,
    of: (partition) => ({
      async decode(bytes) {
        const file = await read(bytes)
        // Somebody gave it another file's name: what is inside is not this partition's.
        if (file && file.partition !== partition) throw new Damaged('is the cache of another partition')
        return file?.document
      },
      async encode(cache = {}) {
        const plain = Buffer.from(JSON.stringify({ partition, cache }))
        return sealed ? sealed.close(plain) : [plain]
      },
    }),
  }
}

function parse(bytes: Buffer): PartitionFile | undefined {
  let text: string
  try {
    text = decodeText(bytes)
  } catch {
    return undefined
  }
  const { partition, cache } = parseObject(text) ?? {}
  return typeof partition === 'string' && isObject(cache) ? { partition, document: checkSections(cache) } : undefined
}
