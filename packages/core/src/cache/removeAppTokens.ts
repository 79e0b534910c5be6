import { canonicalHost } from '../authority/clouds.js'
import type { CacheDocument } from '../ports/cacheStore.js'
import { removeEntity } from './accessTokenIndex.js'

/**
 * Finds an app's own tokens, under whatever keys they are, in all its tenants.
 *
 * @param document The document.
 * @param clientId The app.
 * @param environment Its authority's host; other names of the same cloud count as well.
 * @returns Their keys.
 */
export function appTokenKeys({ AccessToken = {} }: CacheDocument, clientId: string, environment: string): string[] {
  const host = canonicalHost(environment)
  return Object.keys(AccessToken).filter((key) => {
    const entity = AccessToken[key]
    return (
      entity?.['client_id'] === clientId &&
      !entity['home_account_id'] &&
      canonicalHost(String(entity['environment'])) === host
    )
  })
}

/**
 * Removes an app's own tokens.
 *
 * @param document The document, which is changed.
 * @param clientId The app.
 * @param environment Its authority's host.
 * @returns The document; `undefined` where nothing else is in it.
 */
export function removeAppTokens(
  document: CacheDocument,
  clientId: string,
  environment: string,
): CacheDocument | undefined {
  for (const key of appTokenKeys(document, clientId, environment)) removeEntity(document, 'AccessToken', key)
  const { AccessToken = {}, ...rest } = document
  return Object.keys({ ...AccessToken, ...rest }).length > 0 ? document : undefined
}
