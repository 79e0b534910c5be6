import type { CacheStore } from '@latchkey/core'
import type { KeptCacheName } from './cacheNames.js'
import type { ShownPersistence } from './Outcome.js'

/** A token cache that outlives a process. */
export interface KeptCache {
  readonly store: CacheStore
  /** Tries, once, whether tokens can be kept there. */
  verify(): Promise<ShownPersistence>
}

/** The caches that outlive a process, where there are any. */
export interface KeptCaches {
  /** Opens one; the same until they are removed. */
  open(name: KeptCacheName): KeptCache
  /** Removes them, and everything in them. */
  remove(): void
}
