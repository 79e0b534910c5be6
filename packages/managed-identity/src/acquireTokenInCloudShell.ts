import type { Account, AuthenticationResult, PublicClient } from '@latchkey/core'
import { AuthError } from '@latchkey/core'
import {
  accessTokenEntity,
  cancelled,
  checkScopes,
  endpointsOf,
  expect,
  findAccessToken,
  readAccessToken,
  shareCall,
  stateOf,
  tokenGroup,
  tokenResult,
  writeUser,
} from '@latchkey/core/internal'
import { askCloudShell } from './askCloudShell.js'
import { isCloudShell } from './isCloudShell.js'

/** What {@link acquireTokenInCloudShell} takes. */
export interface AcquireTokenInCloudShellOptions {
  /** The scopes of one resource. */
  readonly scopes: readonly string[]
  /** Whether to pass by the cache. Default `false`. */
  readonly forceRefresh?: boolean | undefined
  /** The id that ties this call to the server's logs. Default: a new UUID. */
  readonly correlationId?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/** Who is signed in to the shell, once that is known: nobody else can be, as long as the process runs. */
const accounts = /* @__PURE__ */ new WeakMap<PublicClient, Account>()

/**
 * Gets a token of the user who is signed in to Azure Cloud Shell, without asking: from the cache, else from the shell.
 *
 * The user is then in the client's cache as well: `acquireTokenSilent` finds the token for the result's `account` while it is good.
 * There is no refresh token, so that this is called again afterwards.
 *
 * @param client A public client; its authority names the entries of the cache.
 * @param options What the token is for.
 * @returns The token and the account.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `managed_identity_unavailable` outside of Cloud Shell; `managed_identity_error` as the shell refuses; `broker_error`
 * for a token of another type; `throttled`, `network_error`, `timeout`, `invalid_response`, `invalid_authority`, `user_cancelled`.
 */
export async function acquireTokenInCloudShell(
  client: PublicClient,
  options: AcquireTokenInCloudShellOptions,
): Promise<AuthenticationResult> {
  expect(client?.kind === 'public', 'the client', 'a public client')
  const scopes = checkScopes(options?.scopes)
  const { forceRefresh = false, correlationId = crypto.randomUUID(), signal } = options
  if (signal?.aborted) throw cancelled(signal)
  if (!isCloudShell(client.env))
    throw new AuthError('managed_identity_unavailable', 'Cannot get a token: this is not Azure Cloud Shell')
  const state = stateOf(client)
  const { tenant } = await endpointsOf(client, state, signal)
  const { clientId, authority, cache, clientCapabilities, now } = client
  const ownerOf = ({ homeAccountId }: Account) => ({
    ...{ home_account_id: homeAccountId, environment: authority.host, client_id: clientId, realm: tenant },
  })
  const known = accounts.get(client)
  if (known && !forceRefresh) {
    const document = await cache.get(known.homeAccountId)
    const { token, reason } = findAccessToken(document, tokenGroup(ownerOf(known)), scopes, client)
    if (token && !reason) return { ...tokenResult(token, 'cache', correlationId), account: known }
  }
  const ask = async (signal: AbortSignal): Promise<AuthenticationResult> => {
    const { fields, account } = await askCloudShell(client, { scopes, tenant, correlationId, signal })
    const owner = ownerOf(account)
    const seconds = Math.floor(now() / 1000)
    const entity = accessTokenEntity(owner, fields, scopes, seconds)
    const isCapable = clientCapabilities.length > 0
    await cache.update(account.homeAccountId, (document) =>
      writeUser(document, { owner, response: fields, entity, isCapable, seconds, account }),
    )
    accounts.set(client, account)
    return { ...tokenResult(readAccessToken(entity)!, 'broker', correlationId), account }
  }
  return shareCall(state.calls, JSON.stringify(['cloudShell', tenant, scopes]), ask, signal)
}
