import type { CacheDocument, CacheStore } from '../ports/cacheStore.js'

/**
 * Keeps tokens in memory, for as long as the process or page lives.
 *
 * @returns A store for a client's `cache` option; clients may share it.
 */
export function memoryCache(): CacheStore {
  const documents = new Map<string, CacheDocument>()
  return {
    get: (partition) => documents.get(partition),
    update(partition, next) {
      const document = next(documents.get(partition))
      if (document) documents.set(partition, document)
      else documents.delete(partition)
    },
    partitions: () => documents.keys(),
  }
}
