import { AuthError, type Account, type AuthenticationResult, type BrokerRequest, type Client } from '@latchkey/core'
import { endpointNamed, jwtClaims, keepUserTokens, readFields, stateOf, type Endpoints } from '@latchkey/core/internal'
import type { MsalRuntimeToken } from '../MsalRuntime.js'

/** What a token was asked for with. */
export interface BrokerTokenRequest extends BrokerRequest {
  /** The user that it must be; whoever signed in where undefined. */
  readonly account?: Account | undefined
  readonly username?: string | undefined
  readonly correlationId: string
}

/**
 * Keeps a broker's token in the client's cache. A signed request is good for one use: it is not kept.
 *
 * @param client The client.
 * @param endpoints The authority's endpoints.
 * @param request What was asked for.
 * @param token What the broker gave.
 * @param generation The client's state's, from before.
 * @returns The result.
 * @throws {AuthError} `account_mismatch` when it is another user's; `invalid_response` when it is no token of the kind.
 */
export async function keepBrokerToken(
  client: Client,
  endpoints: Endpoints,
  request: BrokerTokenRequest,
  token: MsalRuntimeToken,
  generation: number,
): Promise<AuthenticationResult> {
  const { account, scheme, correlationId, signal, username } = request
  const { rawIdToken, isPop, expiresOn, grantedScopes, authorizationHeader } = token
  const given = token.account
  if (account && given?.homeAccountId && given.homeAccountId !== account.homeAccountId)
    throw new AuthError('account_mismatch', 'Cannot use what the broker gave: it is of another account', {
      correlationId,
    })
  const accessToken = isPop ? authorizationHeader?.split(' ')[1] : token.accessToken
  if (!accessToken || (scheme?.request && !isPop) || (scheme?.tokenType === 'ssh-cert' && !/^AAAA/.test(accessToken)))
    throw new AuthError('invalid_response', 'Cannot use what the broker gave: it is no token of the kind asked for', {
      correlationId,
    })
  if (rawIdToken)
    await client.verifyIdToken?.({
      ...{ client, idToken: rawIdToken, signal },
      jwksUri: endpointNamed(client.authority, endpoints, 'jwks_uri', 'discovery/v2.0/keys'),
    })
  const claims = rawIdToken ? jwtClaims(rawIdToken) : {}
  const response = readFields({
    access_token: isPop ? undefined : accessToken,
    token_type: isPop ? 'pop' : (scheme?.tokenType ?? 'Bearer'),
    expires_in: expiresOn - Math.floor(client.now() / 1000),
    scope: grantedScopes,
    id_token: rawIdToken,
    client_info: given?.clientInfo,
  })
  const scopes = request.scopes?.length ? request.scopes : ['openid', 'profile']
  const result = await keepUserTokens(
    client,
    stateOf(client),
    endpoints,
    {
      ...{ scopes, username, correlationId, scheme },
      accountSource: 'broker',
      user: account && { account, homeAccountId: account.homeAccountId, environment: account.environment },
    },
    response,
    // The library finds the account by its own id: for personal accounts that is not the object id.
    { ...claims, ...(given?.accountId && { oid: given.accountId }) },
    generation,
  )
  return { ...result, accessToken, source: 'broker', ...(rawIdToken && { idTokenClaims: claims }) }
}
