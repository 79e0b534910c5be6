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
import { readFields, type Fields } from '../json/readFields.js'
import { homeAccountId } from '../oauth/homeAccountId.js'

/** A user's tokens, and whose they are to be. */
export interface UserTokens {
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
  /** The id that ties this call to the server's logs. */
  readonly correlationId: string
}

/**
 * Keeps everything that a grant, or a broker, gave in the user's partition.
 *
 * Nothing is kept where nobody says whose tokens these are: they would look like the app's own.
 *
 * @param client The client.
 * @param state What the client remembers between calls.
 * @param endpoints The authority's endpoints.
 * @param request Whose tokens they are to be.
 * @param response What was given.
 * @param claims The ID token's claims, checked.
 * @param generation The state's, from before the tokens were asked for.
 * @returns The result.
 * @throws {AuthError} `invalid_response` when it is another user's.
 */
export async function keepUserTokens(
  client: Client,
  state: ClientState,
  endpoints: Endpoints,
  request: UserTokens,
  response: Fields,
  claims: Readonly<Record<string, unknown>>,
  generation: number,
): Promise<AuthenticationResult> {
  const { clientId, authority, cache, clientCapabilities, now } = client
  const { user, redeemed, assertionHash, correlationId } = request
  const hash = assertionHash && { userAssertionHash: assertionHash }
  const idToken = response.text('id_token')
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
    await cache.update(assertionHash ?? home, (document) =>
      // What was removed while the answer was on its way stays removed, whoever removed it.
      state.generation !== generation || (redeemed && !document?.RefreshToken?.[redeemed])
        ? document
        : writeUser(document, {
            ...{ owner, response, entity, redeemed, seconds },
            account: user ? undefined : account,
            isCapable: clientCapabilities.length > 0,
          }),
    )
    await cache.update(tokenGroup({ client_id: clientId, environment }), (document) =>
      writeAppMetadata(document, owner, response),
    )
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
  { username, accountSource }: UserTokens,
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
