import type { CacheDocument, CacheStore } from '../ports/cacheStore.js'
import { putAccessToken } from './accessTokenIndex.js'

/** How much {@link memoryCache} keeps. */
export interface MemoryCacheOptions {
  /** The most access tokens. Default 250,000. */
  readonly maxEntries?: number
  /** The most characters in them. Default 268,435,456. */
  readonly maxBytes?: number
  /** The clock that says which tokens are over, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

/**
 * Keeps tokens in memory, for as long as the process or page lives.
 *
 * Where there are too many, those that are over go first, then those of the partitions that were written least recently.
 *
 * @param options How much to keep.
 * @returns A store for a client's `cache` option; clients may share it.
 */
export function memoryCache({
  maxEntries = 250_000,
  maxBytes = 2 ** 28,
  now = Date.now,
}: MemoryCacheOptions = {}): CacheStore {
  const documents = new Map<string, CacheDocument>()
  let writes = 0
  return {
    get: (partition) => documents.get(partition),
    update(partition, next) {
      const document = next(documents.get(partition))
      documents.delete(partition)
      if (document) documents.set(partition, document)
      // Counting takes a walk over all tokens, so it is done now and then, and leaves room until the next time.
      if (++writes > maxEntries / 16) {
        writes = 0
        trim(documents, maxEntries * 0.9, maxBytes * 0.9, now() / 1000)
      }
    },
    partitions: () => documents.keys(),
  }
}

/** Counts on the first walk; lets go of what is over on the second, of what was written least recently on the third. */
function trim(documents: Map<string, CacheDocument>, maxEntries: number, maxBytes: number, now: number): void {
  let entries = 0
  let bytes = 0
  for (const walk of [1, 2, 3]) {
    for (const [partition, document] of documents) {
      for (const [key, { secret, expires_on }] of Object.entries(document.AccessToken ?? {})) {
        const size = `${secret}`.length
        if (walk === 1) {
          entries++
          bytes += size
        } else if ((entries > maxEntries || bytes > maxBytes) && (walk > 2 || Number(expires_on) <= now)) {
          entries--
          bytes -= size
          putAccessToken(document, key, undefined)
        }
      }
      // What has nothing left must not stay, or tenants that came once would add up.
      if (Object.values(document).every((section) => !Object.keys(section!).length)) documents.delete(partition)
    }
  }
}
