import type { CacheDocument } from '../ports/cacheStore.js'
import type { AccessToken } from './accessToken.js'
import { tokensOf } from './accessTokenIndex.js'

/** A token with less time left is not handed out, in seconds. */
const margin = 300

const absent: Lookup = { state: 'absent' }
const expired: Lookup = { state: 'expired' }

/** What a look-up found: why there is no token, or one to use, or one to use while it is refreshed. */
export interface Lookup {
  readonly state: 'absent' | 'expired' | 'aging' | 'fresh'
  readonly token?: AccessToken
}

/**
 * Looks for an access token that has all the scopes and enough time left.
 *
 * @param document Where to look.
 * @param group Whose tokens, as `tokenGroup` names them.
 * @param scopes What the token must allow, compared without case.
 * @param now Seconds since the epoch.
 * @returns What was found.
 */
export function findAccessToken(
  document: CacheDocument | undefined,
  group: string,
  scopes: readonly string[],
  now: number,
): Lookup {
  const byScope = document && tokensOf(document, group)
  let result = absent
  for (const token of byScope?.get(scopes[0]!.toLowerCase()) ?? []) {
    if (scopes.length > 1 && !scopes.every((scope) => byScope?.get(scope.toLowerCase())?.includes(token))) continue
    if (token.expiresOn - now < margin) result = expired
    // Where the clock was turned back, nothing is known of a token's age; a little ahead are other machines, and MSAL Node's rounding.
    else if (token.cachedAt - margin <= now) return { state: token.refreshOn < now ? 'aging' : 'fresh', token }
  }
  return result
}
