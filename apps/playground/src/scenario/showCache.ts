import type { CacheDocument, CacheStore } from '@latchkey/core'
import { cutToken } from './cutToken.js'
import type { ShownCache } from './Outcome.js'

/**
 * Makes a cache's content fit to be shown.
 *
 * @param store The cache.
 * @param json Whether it is written as one JSON text as well.
 * @returns Every partition, its tokens cut.
 */
export async function showCache(store: CacheStore, json: boolean): Promise<ShownCache> {
  const names = [...((await store.partitions?.()) ?? [])]
  const partitions = await Promise.all(
    names.map(async (name) => ({ name, document: cutDocument((await store.get(name)) ?? {}) })),
  )
  return { partitions, ...(json && { json: JSON.stringify(partitions[0]?.document ?? {}, undefined, 2) }) }
}

function cutDocument(document: CacheDocument): CacheDocument {
  const copy = structuredClone(document)
  for (const section of Object.values(copy))
    for (const entity of Object.values(section ?? {}))
      if (typeof entity['secret'] === 'string') entity['secret'] = cutToken(entity['secret'])
  return copy
}
