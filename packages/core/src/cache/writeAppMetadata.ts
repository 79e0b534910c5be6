import type { Fields } from '../json/readFields.js'
import type { CacheDocument } from '../ports/cacheStore.js'
import type { TokenOwner } from './tokenGroup.js'

/**
 * Writes what is known of a client, without merging: an app that is told no family is in none.
 *
 * @param document The document, which is changed; a new one where there is none.
 * @param owner The client.
 * @param response What the server gave.
 * @returns The document.
 */
export function writeAppMetadata(
  document: CacheDocument = {},
  { client_id, environment }: TokenOwner,
  { text }: Fields,
): CacheDocument {
  const family = text('foci')
  const section = (document.AppMetadata ??= {})
  section[`appmetadata-${environment}-${client_id}`] = { client_id, environment, ...(family && { family_id: family }) }
  return document
}
