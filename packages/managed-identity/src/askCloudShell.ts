import type { Account, PublicClient } from '@latchkey/core'
import { AuthError } from '@latchkey/core'
import { jwtClaims, parseObject, readFields, retryAfter, sendThrottled, type Fields } from '@latchkey/core/internal'
import { cloudShellResource } from './cloudShellResource.js'
import { textOf } from './sources/textOf.js'

/** What the shell is asked for. */
export interface CloudShellRequest {
  readonly scopes: readonly string[]
  /** The authority's tenant. */
  readonly tenant: string
  readonly correlationId: string
  readonly signal: AbortSignal
}

const endpoint = 'http://localhost:50342/oauth2/token'

/**
 * Asks Azure Cloud Shell for its user's token.
 *
 * @param client Whose clock, limits and authority.
 * @param request What is asked for.
 * @returns The answer, and who the user is, as far as the token says.
 * @throws {AuthError} as {@link acquireTokenInCloudShell} does.
 */
export async function askCloudShell(
  client: PublicClient,
  { scopes, tenant, correlationId, signal }: CloudShellRequest,
): Promise<{ readonly fields: Fields; readonly account: Account }> {
  const resource = [...new Set(scopes.map(cloudShellResource))].join(' ')
  const answer = await sendThrottled(client, {
    method: 'POST',
    url: endpoint,
    headers: { Metadata: 'true', 'content-type': 'application/x-www-form-urlencoded' },
    body: `${new URLSearchParams({ resource })}`,
    signal,
  })
  const { status, text, headers } = answer
  const json = parseObject(text)
  const given = readFields(json)
  if (status > 299) {
    const said = json?.['error']
    const error = textOf(said, 'code')
    const errorDescription = textOf(said, 'message')
    throw new AuthError(
      status === 429 ? 'throttled' : status > 499 ? 'server_error' : 'managed_identity_error',
      `Cannot acquire a token from Azure Cloud Shell: ${error ?? `status ${status}`}: ${errorDescription ?? 'no token'}`,
      { error, errorDescription, correlationId, status, retryAfter: retryAfter(headers, client.now()) },
    )
  }
  const token = given.text('access_token')
  const expiresIn = given.seconds('expires_in')
  if (!token || !expiresIn)
    throw new AuthError('invalid_response', 'Cannot use the answer of Azure Cloud Shell: it holds no token')
  const type = given.text('token_type') ?? 'Bearer'
  if (type !== 'Bearer')
    throw new AuthError('broker_error', `Cannot use a ${type} token: the portal's version gives no bearer token here`)
  // Nothing else of it is used: its `scope` and `resource` are not what was asked for.
  const fields = {
    access_token: token,
    token_type: type,
    expires_in: expiresIn,
    refresh_token: given.text('refresh_token'),
  }
  return { fields: readFields(fields), account: accountOf(token, client.authority.host, tenant) }
}

/** The shell does not say who the user is; the token may. */
function accountOf(token: string, environment: string, realm: string): Account {
  const claims = readFields(jwtClaims(token))
  const id = claims.text('oid') ?? 'user'
  return {
    homeAccountId: `${id}.${claims.text('tid') ?? 'cloudshell'}`,
    environment,
    realm,
    username: claims.text('preferred_username') ?? claims.text('unique_name') ?? 'currentuser@cloudshell',
    localAccountId: claims.text('oid') ?? claims.text('sub') ?? id,
    authorityType: 'CLOUDSHELL',
  }
}
