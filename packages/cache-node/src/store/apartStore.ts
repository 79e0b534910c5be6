import type { AuthError, CacheStore } from '@latchkey/core'
import { sweep } from '../file/sweep.js'
import type { LockOptions } from '../lock/withLock.js'
import { changeFeed } from './changeFeed.js'
import { checkNext, checkPartition } from './checkCall.js'
import { documentStore, type DocumentStore } from './documentStore.js'
import type { PartitionFolder } from './partitionFolder.js'

/** What such a store stands on. */
export interface ApartStoreOptions {
  readonly folder: PartitionFolder
  readonly lock: LockOptions
  readonly onCorrupt: ((error: AuthError) => void) | undefined
}

/** The most documents that stay in memory; those used least recently go. */
const MAX_OPEN = 10_000

/**
 * Makes a store that keeps every partition as a document of its own.
 *
 * @param options What it stands on.
 * @returns The store.
 */
export function apartStore({ folder, lock, onCorrupt }: ApartStoreOptions): CacheStore {
  const open = new Map<string, DocumentStore>()
  const feed = changeFeed({
    folder: folder.path,
    scan: folder.scan,
    glance: folder.glance,
    nameOf: folder.nameIn,
  })
  let swept = false
  const storeOf = (partition: string): DocumentStore => {
    checkPartition(partition)
    let store = open.get(partition)
    if (!store) {
      const path = folder.fileOf(partition)
      store = documentStore({ ...folder.entry(path, partition), lock, feed, entry: path, onCorrupt })
    }
    // The last in a Map is the one that was put in last.
    open.delete(partition)
    open.set(partition, store)
    if (open.size > MAX_OPEN) open.delete(open.keys().next().value!)
    return store
  }
  return {
    get: (partition) => storeOf(partition).get(),
    async update(partition, next) {
      checkNext(next)
      await storeOf(partition).update(next)
      if (swept) return
      swept = true
      await sweep(folder.path, undefined, lock)
    },
    async partitions() {
      const names = []
      for (const file of await folder.list()) {
        const name = await folder.nameIn(file)
        if (name !== undefined) names.push(name)
      }
      return names
    },
    subscribe(listener) {
      const end = feed.subscribe(listener)
      // A partition that is removed is named only if its name was read before.
      void Promise.resolve(this.partitions!()).catch(() => {})
      return end
    },
  }
}
