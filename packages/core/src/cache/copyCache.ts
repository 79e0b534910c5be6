import { expect } from '../arguments/expect.js'
import { isObject } from '../json/parseObject.js'
import { readFields } from '../json/readFields.js'
import type { CacheDocument, CacheEntity, CacheStore } from '../ports/cacheStore.js'
import { tokenGroup } from './tokenGroup.js'

/**
 * Copies a token cache into another one, of any kind, so that nobody has to sign in again when an app moves: from MSAL's to ours, from
 * ours to MSAL's, from one document to one per user.
 *
 * What the other cache has already stays, and so does the first cache: remove it when nobody needs it.
 *
 * @param from The cache to read; it must be able to list its partitions.
 * @param to The cache to write.
 * @returns How many entities were copied: tokens, accounts, and what is known of apps.
 * @throws {TypeError} when an argument is no store, or the first cannot list its partitions.
 * @throws {AuthError} what the stores throw.
 */
export async function copyCache(from: CacheStore, to: CacheStore): Promise<number> {
  for (const [name, store] of Object.entries({ from, to }))
    expect(typeof store?.get === 'function' && typeof store.update === 'function', name, 'a CacheStore')
  expect(from.partitions, 'from', 'a CacheStore with partitions()')
  let count = 0
  for (const partition of [...(await from.partitions())]) {
    const parts = partsOf((await from.get(partition)) ?? {}, partition)
    for (const [name, part] of parts) {
      let added = 0
      await to.update(name, (document = {}) => {
        added = 0
        for (const [section, entities] of Object.entries(part)) {
          const known = document[section]
          document[section] = { ...entities, ...known }
          added += Object.keys(document[section]).length - Object.keys(known ?? {}).length
        }
        return document
      })
      count += added
    }
  }
  return count
}

/** Takes a document apart into those of each user, app and assertion. */
function partsOf(document: CacheDocument, partition: string): Map<string, CacheDocument> {
  const parts = new Map<string, CacheDocument>()
  for (const [section, entities] of Object.entries(document))
    for (const [key, entity] of Object.entries(entities ?? {})) {
      const name = partitionOf(section, entity, partition)
      const part = parts.get(name) ?? {}
      parts.set(name, part)
      ;(part[section] ??= {})[key] = structuredClone(entity)
    }
  return parts
}

/** Whose an entity is; what nobody is named in stays where it was. */
function partitionOf(section: string, entity: CacheEntity, partition: string): string {
  if (!isObject(entity)) return partition
  const { text } = readFields(entity)
  const { client_id, environment } = entity
  if (section === 'AppMetadata') return tokenGroup({ client_id, environment })
  const user = text('userAssertionHash') ?? text('user_assertion_hash') ?? text('home_account_id')
  return user ?? (section === 'AccessToken' ? tokenGroup(entity) : partition)
}
