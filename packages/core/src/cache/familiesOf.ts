import { isText } from '../arguments/expect.js'
import type { CacheDocument } from '../ports/cacheStore.js'
import { isSameEntity } from './putEntity.js'

/**
 * Tells which families of client ids an app is in: their members use each other's refresh tokens.
 *
 * @param document The document with what is known of apps, if there is one.
 * @param clientId The app.
 * @param environment A host; other names of the same cloud count as well.
 * @returns The families; `undefined` where the app never got a token, so that nobody knows.
 */
export function familiesOf(
  document: CacheDocument | undefined,
  clientId: string,
  environment: string,
): ReadonlySet<unknown> | undefined {
  const own = Object.values(document?.AppMetadata ?? {}).filter((entity) =>
    isSameEntity(entity, { client_id: clientId, environment }, ['client_id', 'environment']),
  )
  return own.length > 0 ? new Set(own.map((entity) => entity['family_id']).filter(isText)) : undefined
}
