import type { CacheStore } from '@latchkey/core'
import { applyUpdates, batches, expect, type Applied, type Next } from '@latchkey/core/internal'
import { degradation } from './cacheError.js'
import { changeFeed } from './changeFeed.js'
import { checkOptions, type IdbCacheOptions } from './IdbCacheOptions.js'
import { parseDocument } from './parseDocument.js'
import { thisPlatform, type Platform } from './platform.js'
import { storedPartitions, type StoredPartitions } from './storedPartitions.js'
import { withLock } from './withLock.js'

/**
 * Keeps each partition in a record of IndexedDB, encrypted with a key that the browser gives to nobody as bytes; for pages, workers and
 * extensions of one origin, which may all write at once.
 *
 * Where the browser does not let it, tokens are kept in memory instead and `onDegraded` is told; nothing is thrown.
 *
 * @param options Where, and for how long.
 * @returns A store for a client's `cache` option.
 * @throws {TypeError} where an option is wrong.
 */
export function idbCache(options: IdbCacheOptions = {}): CacheStore {
  return idbCacheOn(thisPlatform(), options)
}

/**
 * The same, in a given browser.
 *
 * @param platform The browser.
 * @param options Where, and for how long.
 * @returns The store.
 * @throws {TypeError} where an option is wrong.
 */
export function idbCacheOn(platform: Platform, options: IdbCacheOptions): CacheStore {
  const checked = checkOptions(options)
  const { name, timeout } = checked
  const feed = platform.BroadcastChannel && changeFeed(platform.BroadcastChannel, `latchkey ${name}`)
  const partitions = storedPartitions(platform, checked, (partition) => feed?.tell(partition))
  const inTurn = batches(async (partition, updates: Next[]) =>
    withLock(platform.locks, `latchkey ${name} ${partition}`, timeout, () => update(partitions, partition, updates)),
  )
  return {
    async get(partition) {
      checkPartition(partition)
      return (await partitions.read(partition)).document
    },
    async update(partition, next) {
      checkPartition(partition)
      expect(typeof next === 'function', 'next', 'a function')
      await inTurn(partition, next)
    },
    partitions: partitions.list,
    ...(feed && {
      subscribe(listener: (partition: string) => void) {
        expect(typeof listener === 'function', 'listener', 'a function')
        return feed.listen(listener)
      },
    }),
  }
}

/** After so many lost races something is wrong. */
const MAX_RACES = 100

async function update(
  { read, write, keepInMemory }: StoredPartitions,
  partition: string,
  updates: Next[],
): Promise<Applied['failures']> {
  for (let race = 1; ; race++) {
    const before = await read(partition)
    // What is known is also what `get` gave: it must not be changed.
    const text = before.document && JSON.stringify(before.document)
    const applied = applyUpdates(
      { text, document: text === undefined ? text : parseDocument(text) },
      updates,
      parseDocument,
    )
    if (applied.text === text && !before.isUnsaved) return applied.failures
    if (await write(partition, before, applied)) return applied.failures
    if (race === MAX_RACES) {
      keepInMemory(partition, before, applied, degradation('lock_timeout'))
      return applied.failures
    }
  }
}

function checkPartition(partition: unknown): void {
  expect(typeof partition === 'string', 'partition', 'a text')
}
