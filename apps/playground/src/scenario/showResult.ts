import type { AuthenticationResult } from '@latchkey/core'
import { cutToken } from './cutToken.js'
import type { ShownResult } from './Outcome.js'
import { readClaims } from './readClaims.js'

/**
 * Makes a result fit to be shown.
 *
 * @param result What an acquire function gave.
 * @returns The result, its token cut and read.
 */
export function showResult(result: AuthenticationResult): ShownResult {
  const { source, tokenType, expiresOn, refreshOn, scopes, correlationId, accessToken } = result
  return {
    source,
    tokenType,
    expiresOn: expiresOn.getTime(),
    refreshOn: refreshOn?.getTime(),
    scopes,
    correlationId,
    token: cutToken(accessToken),
    claims: readClaims(accessToken),
    username: result.account?.username,
    idTokenClaims: result.idTokenClaims,
  }
}
