import { AuthError } from '../AuthError.js'
import { isObject, parseObject } from '../json/parseObject.js'
import type { CacheDocument, CacheStore } from '../ports/cacheStore.js'

/** A token cache in memory that can be written out as MSAL's JSON and read back. */
export interface SerializableCache extends CacheStore {
  /** Whether there is something that {@link SerializableCache.serialize} has not yet given out. */
  readonly hasStateChanged: boolean
  /**
   * Writes the cache as MSAL's JSON and resets `hasStateChanged`.
   *
   * @returns The text; it holds tokens, so keep it as you keep a password.
   */
  serialize(): string
  /**
   * Replaces the whole cache and resets `hasStateChanged`.
   *
   * @param json What MSAL or {@link SerializableCache.serialize} wrote; nothing or an empty text for an empty cache.
   * @throws {AuthError} `cache_corrupt` when it is not such a text; the cache then stays as it was.
   */
  deserialize(json?: string): void
}

/**
 * Makes a token cache that the application saves and loads itself, in the format that all MSAL libraries share.
 *
 * @param json What was saved before.
 * @returns A store for a client's `cache` option; clients may share it.
 * @throws {AuthError} `cache_corrupt` when the text is not a token cache.
 */
export function serializableCache(json?: string): SerializableCache {
  let document: CacheDocument = parseDocument(json)
  let changed = false
  return {
    get: () => document,
    update(_partition, next) {
      document = next(document) ?? {}
      changed = true
    },
    partitions: () => [''],
    get hasStateChanged() {
      return changed
    },
    serialize() {
      changed = false
      return JSON.stringify(document, undefined, 4)
    },
    deserialize(json) {
      document = parseDocument(json)
      changed = false
    },
  }
}

function parseDocument(json: string | undefined): CacheDocument {
  if (json === undefined || json === null || json === '') return {}
  if (typeof json !== 'string')
    throw new TypeError('Cannot read the token cache: expected the text that serialize() gave')
  const document = parseObject(json)
  if (!document) throw corrupt('it is not a JSON object')
  for (const [name, section] of Object.entries(document)) {
    if (sections.includes(name) && !isObject(section)) throw corrupt(`its section ${name} is not a JSON object`)
  }
  return document as CacheDocument
}

const sections: readonly string[] = ['AccessToken', 'RefreshToken', 'IdToken', 'Account', 'AppMetadata']

function corrupt(reason: string): AuthError {
  return new AuthError('cache_corrupt', `Cannot read the token cache: ${reason}`)
}
