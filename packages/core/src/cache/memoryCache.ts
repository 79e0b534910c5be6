import { readFields } from '../json/readFields.js'
import type { CacheDocument, CacheStore } from '../ports/cacheStore.js'
import { readings, removeEntity } from './accessTokenIndex.js'
import { isEmpty } from './isEmpty.js'

/** How much {@link memoryCache} keeps. */
export interface MemoryCacheOptions {
  /** The most entities: access tokens, and of users also refresh tokens, ID tokens and accounts. Default 250,000. */
  readonly maxEntries?: number
  /** The most characters in them. Default 268,435,456. */
  readonly maxBytes?: number
  /** The clock that says which tokens are over, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

/**
 * Keeps tokens in memory, for as long as the process or page lives.
 *
 * Where there are too many, access tokens that are over go first, then what was used least recently; a user's refresh token,
 * ID token and account go after all of the user's access tokens.
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
      // Sorting takes a walk over all entities, so it is done now and then, and leaves room until the next time.
      if (++writes % Math.ceil(maxEntries / 16) === 0) trim(documents, maxEntries * 0.9, maxBytes * 0.9, now() / 1000)
    },
    partitions: () => documents.keys(),
  }
}

function trim(documents: Map<string, CacheDocument>, entries: number, bytes: number, now: number): void {
  const all: [rank: number, size: number, CacheDocument, section: string, key: string][] = []
  for (const document of documents.values())
    for (const section in document)
      for (const [key, entity] of Object.entries(document[section]!)) {
        const rank = readFields(entity).seconds('expires_on')! <= now ? 0 : (readings.get(entity)?.usedAt ?? Infinity)
        all.push([rank, JSON.stringify(entity).length, document, section, key])
      }
  // Of equal ranks, what was written last stays.
  for (const [, size, ...place] of all.reverse().sort(([a], [b]) => b - a))
    if ((bytes -= size) < 0 || --entries < 0) removeEntity(...place)
  for (const [partition, document] of documents) if (isEmpty(document)) documents.delete(partition)
}
