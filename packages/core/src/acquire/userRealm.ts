import type { Client } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import { AuthError } from '../AuthError.js'
import { keepResponse, readResponse } from '../http/httpCache.js'
import { send } from '../http/send.js'
import { parseObject } from '../json/parseObject.js'
import { readFields } from '../json/readFields.js'

/** What Entra says of the domain of a user. */
export interface UserRealm {
  readonly isFederated: boolean
  readonly metadataUrl?: string | undefined
  readonly activeAuthUrl?: string | undefined
  readonly audience: string
}

const managed: UserRealm = { isFederated: false, audience: '' }

/**
 * Asks whether Entra itself takes a user's password, or an identity provider of the user's company.
 *
 * @param client The client.
 * @param state Remembers hosts that know nothing of realms.
 * @param tokenEndpoint The authority's token endpoint, which says what host to ask.
 * @param request The user, the call's id, and who waits.
 * @returns The realm; a managed one where the host does not tell.
 * @throws {AuthError} `server_error`, `throttled`, `invalid_response`, or what {@link send} throws.
 */
export async function userRealm(
  client: Client,
  state: ClientState,
  tokenEndpoint: string,
  request: { readonly username: string; readonly correlationId: string; readonly signal?: AbortSignal | undefined },
): Promise<UserRealm> {
  const { kind } = client.authority
  if (kind === 'adfs' || state.hasNoRealms) return managed
  const { origin } = new URL(tokenEndpoint)
  const url = `${origin}/common/userrealm/${encodeURIComponent(request.username).replace('%40', '@')}?api-version=1.0`
  const { httpCache, now } = client
  const stored = readResponse(httpCache, url, now())
  const headers = { accept: 'application/json', 'client-request-id': request.correlationId }
  const answer = stored ?? (await send(client, { method: 'GET', url, headers, signal: request.signal }))
  const { status, text } = answer
  if (status === 404) {
    state.hasNoRealms = true
    return managed
  }
  const realm = status === 200 ? parseObject(text) : undefined
  if (!realm) {
    const code = status === 429 ? 'throttled' : status > 499 ? 'server_error' : 'invalid_response'
    throw new AuthError(code, `Cannot learn how ${new URL(url).host} takes the password: status ${status}`, { status })
  }
  if (!stored) keepResponse(httpCache, url, { status, text }, now(), 86_400)
  const fields = readFields(realm)
  return {
    isFederated: fields.text('account_type')?.toLowerCase() === 'federated',
    metadataUrl: fields.text('federation_metadata_url'),
    activeAuthUrl: fields.text('federation_active_auth_url'),
    audience: fields.text('cloud_audience_urn') ?? 'urn:federation:MicrosoftOnline',
  }
}
