import type { CacheDocument } from '../ports/cacheStore.js'
import type { AccessToken } from './accessToken.js'
import { tokensOf } from './accessTokenIndex.js'

/** A token with less time left is not handed out, in seconds. */
const margin = 300

/** What a look-up found: a token to use unless there is none, and why the network is used, 0 where it is not. */
export interface Lookup {
  readonly reason: 0 | 2 | 3 | 4
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
  let reason: 2 | 3 = 2
  for (const token of byScope?.get(scopes[0]!.toLowerCase()) ?? []) {
    if (scopes.length > 1 && !scopes.every((scope) => byScope?.get(scope.toLowerCase())?.includes(token))) continue
    if (token.expiresOn - now < margin) reason = 3
    // Where the clock was turned back, nothing is known of a token's age; a little ahead are other machines, and MSAL Node's rounding.
    else if (token.cachedAt - margin <= now) return { reason: token.refreshOn < now ? 4 : 0, token }
  }
  return { reason }
}
