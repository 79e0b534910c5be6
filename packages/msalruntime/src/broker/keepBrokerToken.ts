import { AuthError, type Account, type AuthenticationResult, type BrokerRequest, type Client } from '@latchkey/core'
import {
  acquireUserToken,
  endpointNamed,
  jwtClaims,
  readFields,
  stateOf,
  type Endpoints,
  type Fields,
} from '@latchkey/core/internal'
import type { MsalRuntimeToken } from '../MsalRuntime.js'

/** What a token was asked for with. */
export interface BrokerTokenRequest extends BrokerRequest {
  /** The user that it must be; whoever signed in where undefined. */
  readonly account?: Account | undefined
  readonly username?: string | undefined
  readonly correlationId: string
}

/**
 * Gets a token of a broker and keeps it in the client's cache. A signed request is good for one use: it is not kept.
 *
 * @param client The client.
 * @param endpoints The authority's endpoints.
 * @param request What is asked for.
 * @param operation Asks the broker.
 * @returns The result; `undefined` where the broker has no outcome.
 * @throws {AuthError} `account_mismatch` when it is another user's; `invalid_response` when it is no token of the kind.
 */
export async function keepBrokerToken(
  client: Client,
  endpoints: Endpoints,
  request: BrokerTokenRequest,
  operation: () => Promise<MsalRuntimeToken | undefined>,
): Promise<AuthenticationResult | undefined> {
  const { account, scheme, correlationId, signal, username } = request
  const nothing = new Error('no outcome')
  let accessToken = ''
  let claims: Record<string, unknown> = {}
  let accountId: string | undefined
  const ask = async (): Promise<Fields> => {
    const token = await operation()
    if (!token) throw nothing
    accessToken = checked(token, request)
    accountId = token.account?.accountId
    return readFields({
      access_token: token.isPop ? undefined : accessToken,
      token_type: token.isPop ? 'pop' : (scheme?.tokenType ?? 'Bearer'),
      expires_in: token.expiresOn - Math.floor(client.now() / 1000),
      scope: token.grantedScopes,
      id_token: token.rawIdToken,
      client_info: token.account?.clientInfo,
    })
  }
  /** The broker vouches for it; the app may want more. One out of the broker's store may be over. */
  const check = async (_client: Client, _endpoints: Endpoints, idToken: string): Promise<Record<string, unknown>> => {
    claims = jwtClaims(idToken)
    await client.verifyIdToken?.({
      ...{ client, idToken, signal },
      jwksUri: endpointNamed(client.authority, endpoints, 'jwks_uri', 'discovery/v2.0/keys'),
    })
    // The library finds the account by its own id: for personal accounts that is not the object id.
    return { ...claims, ...(accountId && { oid: accountId }) }
  }
  try {
    const result = await acquireUserToken(client, stateOf(client), endpoints, {
      ...{ grantType: 'broker', parameters: {}, api: 0, reason: 0, ask, check },
      ...{ username, correlationId, signal, scheme },
      scopes: request.scopes?.length ? request.scopes : ['openid', 'profile'],
      accountSource: 'broker',
      user: account && { account, homeAccountId: account.homeAccountId, environment: account.environment },
    })
    return { ...result, accessToken, source: 'broker', ...(result.idToken && { idTokenClaims: claims }) }
  } catch (error) {
    if (error === nothing) return undefined
    throw error
  }
}

/** Gives the access token, or the request that was signed, where it is of the account and of the kind that was asked for. */
function checked(token: MsalRuntimeToken, { account, scheme, correlationId }: BrokerTokenRequest): string {
  const home = token.account?.homeAccountId
  if (account && home && home !== account.homeAccountId) {
    const text = 'Cannot use what the broker gave: it is of another account'
    throw new AuthError('account_mismatch', text, { error: 'broker_error', correlationId })
  }
  const secret = token.isPop ? token.authorizationHeader?.split(' ')[1] : token.accessToken
  const fits = scheme?.request ? token.isPop : scheme?.tokenType !== 'ssh-cert' || secret?.startsWith('AAAA')
  if (secret && fits) return secret
  const text = 'Cannot use what the broker gave: it is no token of the kind asked for'
  throw new AuthError('invalid_response', text, { correlationId })
}
