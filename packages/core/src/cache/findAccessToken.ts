import type { Client } from '../client/client.js'
import type { CacheDocument } from '../ports/cacheStore.js'
import type { AccessToken } from './accessToken.js'
import { noteUse, tokensWith } from './accessTokenIndex.js'

/** What a look-up found: a token to use unless there is none, and why the network is used, 0 where it is not. */
export interface Lookup {
  /** 0 fresh, 2 none, 3 expired, 4 due for refresh. */
  readonly reason: 0 | 2 | 3 | 4
  /** The token to use. */
  readonly token?: AccessToken
}

/**
 * Looks for an access token that has all the scopes and enough time left.
 *
 * One that was got by an app that can answer claims challenges is not for one that cannot.
 *
 * @param document Where to look.
 * @param group Whose tokens, as `tokenGroup` names them.
 * @param scopes What the token must allow, compared without case.
 * @param client Whose clock; and whether it can answer challenges.
 * @returns What was found.
 */
export function findAccessToken(
  document: CacheDocument | undefined,
  group: string,
  scopes: readonly string[],
  { clientCapabilities, now }: Client,
): Lookup {
  const seconds = Math.floor(now() / 1000)
  let reason: 2 | 3 = 2
  for (const token of tokensWith(document ?? {}, group, scopes)) {
    // The claim `xms_cc`: base64url has it in one of three alignments, so that nothing needs to be decoded.
    token.isCapable ??= /eG1zX2Nj|htc19jY|4bXNfY2/.test(token.secret)
    if (token.isCapable && !clientCapabilities[0]) continue
    if (token.expiresOn < seconds + 300) reason = 3
    // Where the clock was turned back, nothing is known of a token's age; a little ahead are other machines, and MSAL Node's rounding.
    else if (token.cachedAt <= seconds + 300) {
      noteUse(token)
      return { reason: token.refreshOn < seconds ? 4 : 0, token }
    }
  }
  return { reason }
}
