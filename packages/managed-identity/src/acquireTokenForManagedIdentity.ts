import type { AuthenticationResult, CacheDocument } from '@latchkey/core'
import {
  accessTokenEntity,
  cacheFirst,
  cancelled,
  expect,
  findAccessToken,
  isPromise,
  isText,
  putAccessToken,
  readAccessToken,
  shareCall,
  stateOf,
  tokenGroup,
  tokenResult,
  type CacheFirstOptions,
  type Lookup,
  type TokenOwner,
} from '@latchkey/core/internal'
import { hexSha256 } from './hexSha256.js'
import type { ManagedIdentityClient } from './ManagedIdentityClient.js'
import { requestToken } from './requestToken.js'

/** What {@link acquireTokenForManagedIdentity} takes. */
export interface AcquireTokenForManagedIdentityOptions extends CacheFirstOptions {
  /** What the token is for, such as `https://vault.azure.net`: sent as it is, without `/.default`. */
  readonly resource: string
  /** A claims challenge from the resource; the token in the cache is passed by, and refused where the source can be told. */
  readonly claims?: string | undefined
}

/** How MSALs name the system-assigned identity, for which there is no id. */
const systemNames: readonly (string | null)[] = [
  null,
  'SYSTEM_ASSIGNED_MANAGED_IDENTITY',
  'system_assigned_managed_identity',
]

/** What of core's state is used here is the same for every kind of client. */
type CoreClient = Parameters<typeof stateOf>[0]

/**
 * Gets a token for the identity that Azure gave to the program: from the cache, else from whichever endpoint is there.
 *
 * Equal calls on their way share one request. A token that is due for refresh is returned at once while one refresh runs, and stays
 * good where that fails; edge functions wait for it, unless there is a `waitUntil`.
 *
 * @param client A client made by {@link createManagedIdentityClient}.
 * @param options What the token is for.
 * @returns The token.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `managed_identity_unavailable` where there is no managed identity; `managed_identity_error` where the endpoint
 * refuses, cannot be trusted, or cannot be asked for this identity; `throttled`, `server_error`, `network_error`, `timeout`,
 * `invalid_response`; `user_cancelled` when the signal was aborted.
 * @see {@link https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview Managed identities}
 */
export async function acquireTokenForManagedIdentity(
  client: ManagedIdentityClient,
  options: AcquireTokenForManagedIdentityOptions,
): Promise<AuthenticationResult> {
  expect(client?.kind === 'managed-identity', 'the client', 'one made by createManagedIdentityClient')
  const resource = options?.resource
  expect(isText(resource) && !/\s/.test(resource), 'resource', 'one resource, such as https://vault.azure.net')
  const { claims, signal } = options
  expect(claims === undefined || typeof claims === 'string', 'claims', 'a claims challenge')
  if (signal?.aborted) throw cancelled(signal)

  const { cache, identity } = client
  const state = stateOf(client as unknown as CoreClient)
  const owner = ownerOf(identity.Id ?? null)
  const group = tokenGroup(owner)
  const request = (revoked: string | undefined, signal?: AbortSignal): Promise<AuthenticationResult> =>
    shareCall(
      state.calls,
      JSON.stringify([group, resource, claims, revoked]),
      (signal) => askAndKeep(client, owner, { ...options, signal, revoked }),
      signal,
    )
  const stored = cache.get(group)
  const document = isPromise(stored) ? await stored : stored
  const lookup = find(client, document, resource)
  if (!claims)
    return cacheFirst(
      client as unknown as CoreClient,
      state,
      lookup,
      (_, signal) => request(undefined, signal),
      options,
    )
  return request(lookup.token && (await hexSha256(lookup.token.secret)), signal)
}

async function askAndKeep(
  client: ManagedIdentityClient,
  owner: TokenOwner,
  options: AcquireTokenForManagedIdentityOptions & {
    readonly signal: AbortSignal
    readonly revoked: string | undefined
  },
): Promise<AuthenticationResult> {
  const { cache, clientCapabilities, now } = client
  const { resource, signal, revoked } = options
  const { correlationId = crypto.randomUUID() } = options
  const isOwnId = options.correlationId !== undefined
  const fields = await requestToken(client, { resource, correlationId, isOwnId, revoked, signal })
  const entity = accessTokenEntity(owner, fields, [resource], Math.floor(now() / 1000))
  await cache.update(tokenGroup(owner), (document) => putAccessToken(document, entity, clientCapabilities.length > 0))
  await cache.update(tokenGroup({ ...owner, realm: '' }), (document) => writeAppMetadata(document, owner))
  return tokenResult(readAccessToken(entity)!, 'identity_provider', correlationId)
}

function ownerOf(id: string | null): TokenOwner {
  // MSAL Python's `client_id` of the system-assigned identity is null.
  const owner = { home_account_id: null, environment: 'localhost', client_id: id, realm: 'managed_identity' }
  return owner as unknown as TokenOwner
}

function find(client: ManagedIdentityClient, document: CacheDocument | undefined, resource: string): Lookup {
  const { Id: id } = client.identity
  let first: Lookup | undefined
  for (const name of id ? [id] : systemNames) {
    const found = findAccessToken(document, tokenGroup(ownerOf(name)), [resource], client as unknown as CoreClient)
    if (found.token) return found
    first ??= found
  }
  return first!
}

/** As MSAL Python writes it: its key has nothing where an id would be. */
function writeAppMetadata(document: CacheDocument = {}, { client_id, environment }: TokenOwner): CacheDocument {
  const section = (document.AppMetadata ??= {})
  section[`appmetadata-${environment}-${client_id ?? ''}`] = { client_id, environment }
  return document
}
