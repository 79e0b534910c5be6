import { isText } from '../arguments/expect.js'
import { cloudOf } from '../authority/clouds.js'
import type { CacheDocument } from '../ports/cacheStore.js'
import type { TokenOwner } from './tokenGroup.js'

/**
 * Finds a user's ID token under the keys that MSALs give it: the cost does not grow with the document.
 *
 * @param document Where to look.
 * @param owner The user in this client and tenant; names of the same cloud count as well.
 * @returns The raw token.
 */
export function findIdToken(document: CacheDocument | undefined, owner: TokenOwner): string | undefined {
  const { home_account_id: home, environment, client_id: client, realm } = owner
  for (const host of cloudOf(environment) ?? [environment]) {
    // MSAL Python and .NET, then MSAL Node.
    for (const ending of ['-', '---']) {
      const key = `${home}-${host}-idtoken-${client}-${realm}${ending}`.toLowerCase()
      const entity = document?.IdToken?.[key]
      if (entity?.['home_account_id'] === home && isText(entity?.['secret'])) return entity['secret']
    }
  }
  return undefined
}
