import type { Account } from '../Account.js'
import { AuthError } from '../AuthError.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { Endpoints } from '../authority/endpoints.js'
import { accessTokenEntity, readAccessToken, tokenResult } from '../cache/accessToken.js'
import { tokenGroup } from '../cache/tokenGroup.js'
import { writeAppMetadata } from '../cache/writeAppMetadata.js'
import { writeUser } from '../cache/writeUser.js'
import type { Client } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import { readFields } from '../json/readFields.js'
import { homeAccountId } from '../oauth/homeAccountId.js'
import { requestToken, type TokenRequest } from '../token/requestToken.js'
import { validateIdToken, type IdTokenExpectations } from './validateIdToken.js'

/** A grant that gives a user's tokens. */
export interface UserTokenRequest extends Omit<TokenRequest, 'tokenEndpoint' | 'orElse'>, IdTokenExpectations {
  /** What was asked for, in case the server does not say what it granted. */
  readonly scopes: readonly string[]
  /** The user that it must be; whoever signs in where undefined. */
  readonly user?:
    | { readonly homeAccountId: string; readonly environment: string; readonly account: Account }
    | undefined
  /** The key of the refresh token that is redeemed. */
  readonly redeemed?: string | undefined
  /** How the account came about, where that is worth telling. */
  readonly accountSource?: string | undefined
  /** The name that the user typed, for ID tokens that have none. */
  readonly username?: string | undefined
  /** The hash of the assertion that the tokens belong to. */
  readonly assertionHash?: string | undefined
  /** What gives the tokens, where that is not the token endpoint. */
  readonly ask?: typeof requestToken | undefined
  /** What reads the ID token, where it did not come from the token endpoint. */
  readonly check?: typeof validateIdToken | undefined
}

/**
 * Gets a user's tokens by any grant: asks for them, checks the ID token, keeps everything in the user's partition.
 *
 * Nothing is kept where the ID token fails, or where nobody says whose tokens these are: they would look like the app's own.
 *
 * @param client The client.
 * @param state What the client remembers between calls.
 * @param endpoints The authority's endpoints.
 * @param request The grant.
 * @returns The result.
 * @throws {AuthError} as {@link requestToken} and {@link validateIdToken} do; `invalid_response` when it is another user's.
 */
export async function acquireUserToken(
  client: Client,
  state: ClientState,
  endpoints: Endpoints,
  request: UserTokenRequest,
): Promise<AuthenticationResult> {
  const { generation } = state
  const { clientId, authority, cache, clientCapabilities, now } = client
  const { user, redeemed, assertionHash, correlationId, ask = requestToken, check = validateIdToken } = request
  const hash = assertionHash && { userAssertionHash: assertionHash }
  const response = await ask(client, state, endpoints, {
    ...request,
    tokenEndpoint: endpoints.metadata.token_endpoint,
    orElse: 'id_token',
  })
  const idToken = response.text('id_token')
  // Where it is to say how long ago the sign-in was, there has to be one.
  const isNeeded = idToken ?? request.maxAge?.toString()
  const claims = isNeeded ? await check(client, endpoints, idToken ?? '', request) : {}
  const named = homeAccountId(response.text('client_info'), claims['sub'])
  if (user && named && named !== user.homeAccountId)
    throw new AuthError('invalid_response', 'Cannot use the tokens of another user')
  const home = user?.homeAccountId ?? named ?? ''
  const environment = user?.environment ?? authority.host
  const owner = { home_account_id: home, environment, client_id: clientId, realm: endpoints.tenant, ...hash }
  const seconds = Math.floor(now() / 1000)
  const entity = accessTokenEntity(owner, response, request.scopes, seconds)
  const account = user?.account ?? createAccount(home, environment, endpoints, claims, request)
  if (home) {
    // At once, so that a store that keeps both together writes once.
    await Promise.all([
      cache.update(assertionHash ?? home, (document) =>
        // What was removed while the answer was on its way stays removed, whoever removed it.
        state.generation !== generation || (redeemed && !document?.RefreshToken?.[redeemed])
          ? document
          : writeUser(document, {
              ...{ owner, response, entity, redeemed, seconds },
              account: user ? undefined : account,
              isCapable: clientCapabilities.length > 0,
            }),
      ),
      cache.update(tokenGroup({ client_id: clientId, environment }), (document) =>
        writeAppMetadata(document, owner, response),
      ),
    ])
  }
  // B2C gives no access token where only a sign-in was asked for.
  const { secret = '' } = entity
  const token = readAccessToken({ ...entity, secret: secret || 'none' })!
  return {
    ...tokenResult(token, 'identity_provider', correlationId),
    accessToken: String(secret),
    ...(home && { account }),
    ...(idToken && { idToken, idTokenClaims: claims }),
  }
}

/** Makes the account that a sign-in tells of. */
function createAccount(
  homeAccountId: string,
  environment: string,
  { tenant }: Endpoints,
  claims: Readonly<Record<string, unknown>>,
  { username, accountSource }: UserTokenRequest,
): Account {
  const { text } = readFields(claims)
  const named = claims['preferred_username'] === undefined ? text('upn') : text('preferred_username')
  return {
    homeAccountId,
    environment,
    username: named ?? username ?? '',
    localAccountId: text('oid') ?? text('sub'),
    realm: tenant,
    authorityType: tenant.toLowerCase() === 'adfs' ? 'ADFS' : 'MSSTS',
    accountSource,
  }
}
