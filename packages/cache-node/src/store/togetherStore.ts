import type { CacheStore } from '@latchkey/core'
import { checkNext, checkPartition } from './checkCall.js'
import { changeFeed } from './changeFeed.js'
import { documentStore, type DocumentStoreOptions } from './documentStore.js'
import { sweep } from '../file/sweep.js'

/** What such a store stands on. */
export interface TogetherStoreOptions extends DocumentStoreOptions {
  /** The folder in which a change shows. */
  readonly folder: string
}

/** The one partition that is listed: the document holds them all. */
const ALL = ''

/**
 * Makes a store that keeps all partitions in one document, as MSAL does.
 *
 * @param options What it stands on.
 * @returns The store.
 */
export function togetherStore({ folder, ...options }: TogetherStoreOptions): CacheStore {
  const { slot, lock, lockPath } = options
  const feed = changeFeed({
    folder,
    scan: () => new Map([[ALL, slot.stamp().id]]),
    nameOf: async () => ALL,
  })
  const document = documentStore({ ...options, feed, entry: ALL })
  let swept = false
  return {
    get(partition) {
      checkPartition(partition)
      return document.get()
    },
    async update(partition, next) {
      checkPartition(partition)
      checkNext(next)
      await document.update(next)
      // Beside a lock of another name nothing is looked for: it might be somebody's.
      if (swept || !lockPath.endsWith('.lockfile')) return
      swept = true
      await sweep(folder, [lockPath.slice(0, -'.lockfile'.length)], lock)
    },
    partitions: () => [ALL],
    subscribe(listener) {
      return feed.subscribe(listener)
    },
  }
}
