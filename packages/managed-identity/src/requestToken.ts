import { AuthError, isAuthError } from '@latchkey/core'
import type { Fields, HttpResponse } from '@latchkey/core/internal'
import { reachImds } from './http/reachImds.js'
import { sendThrottled } from './http/sendThrottled.js'
import { sendWithRetries } from './http/sendWithRetries.js'
import { withoutSecret } from './http/withoutSecret.js'
import { isCloudShell } from './isCloudShell.js'
import type { ManagedIdentityClient } from './ManagedIdentityClient.js'
import { readTokenAnswer } from './readTokenAnswer.js'
import { azureArc } from './sources/azureArc.js'
import { chooseSource } from './sources/chooseSource.js'
import { imds } from './sources/imds.js'
import type { Source, SourceRequest } from './sources/Source.js'

/** What is asked of an endpoint. */
export interface TokenRequest {
  readonly resource: string
  readonly correlationId: string
  /** Whether the caller chose that id: then it is told to whoever can log it. */
  readonly isOwnId: boolean
  /** The SHA-256 (hex) of a token that the resource no longer takes. */
  readonly revoked?: string | undefined
  readonly signal: AbortSignal
}

/** What is known of the machine, by client: whether its endpoint has ever answered, and until when it is held to have none (ms). */
interface Reach {
  isThere?: boolean
  absentUntil?: number
  reason?: AuthError
}
const reaches = /* @__PURE__ */ new WeakMap<ManagedIdentityClient, Reach>()

/**
 * Asks the endpoint of the source that the program runs at.
 *
 * @param client The client.
 * @param request What for.
 * @returns The fields of the answer.
 * @throws {AuthError} as {@link readTokenAnswer} and {@link sendWithRetries} do; `managed_identity_unavailable` where there is nobody
 * to ask; `managed_identity_error` where the source cannot be asked for this identity.
 */
export async function requestToken(client: ManagedIdentityClient, request: TokenRequest): Promise<Fields> {
  const { identity, now, logger, arcUserAssigned } = client
  const { source: found } = await chooseSource(client)
  const source =
    found === azureArc && arcUserAssigned ? { ...azureArc, idParameters: imds.idParameters!, mustEcho: true } : found
  const asked = source.request(client)
  const url = addParameters(client, source, asked.url, request)
  const headers = {
    ...asked.headers,
    ...(source === imds && request.isOwnId && { 'x-ms-client-request-id': request.correlationId }),
  }
  logger?.('debug', `Asking ${source.name} for a token`)
  const fetch = source.fetch ? source.fetch(client) : client.fetch
  const sender = fetch === client.fetch ? client : { ...client, fetch }
  const exchange = (signal: AbortSignal, heard?: () => void): Promise<HttpResponse> => {
    const send = async ({ url, headers, secret }: SourceRequest): Promise<HttpResponse> => {
      const one = { method: 'GET', url, headers: { ...headers }, signal } as const
      return withoutSecret(await sendWithRetries(sender, one, source.passing, heard), secret)
    }
    const first = { ...asked, url, headers }
    return source.send ? source.send(client, first, send) : send(first)
  }
  const answer = await sendThrottled(client, url, () =>
    source === imds ? askImds(client, asked.url, request.signal, exchange) : exchange(request.signal),
  )
  return readTokenAnswer(answer, { source, identity, now: now(), correlationId: request.correlationId })
}

function addParameters(
  { identity, clientCapabilities }: ManagedIdentityClient,
  { name, apiVersion, idParameters, takesRevocations }: Source,
  endpoint: string,
  { resource, revoked }: TokenRequest,
): string {
  const { ManagedIdentityIdType: kind, Id: id } = identity
  const url = new URL(endpoint)
  url.searchParams.set('api-version', apiVersion)
  url.searchParams.set('resource', resource)
  if (kind !== 'SystemAssigned') {
    const parameter = idParameters?.[kind]
    if (!parameter)
      throw new AuthError(
        'managed_identity_error',
        `Cannot ask ${name} for a user-assigned identity: it would answer with another one's token`,
      )
    url.searchParams.set(parameter, id!)
  }
  if (takesRevocations && revoked) url.searchParams.set('token_sha256_to_refresh', revoked)
  if (takesRevocations && clientCapabilities.length > 0) url.searchParams.set('xms_cc', clientCapabilities.join(','))
  return url.href
}

/** Nobody waits twice for an endpoint that is not there. */
async function askImds(
  client: ManagedIdentityClient,
  url: string,
  signal: AbortSignal,
  exchange: (signal: AbortSignal, heard?: () => void) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { now, env, unavailableFor } = client
  const reach = reaches.get(client) ?? {}
  reaches.set(client, reach)
  if (reach.isThere) return exchange(signal)
  if (reach.reason && now() < (reach.absentUntil ?? 0)) throw reach.reason
  try {
    const response = await reachImds(client, url, signal, exchange)
    reach.isThere = true
    return response
  } catch (error) {
    if (!isAuthError(error) || error.code !== 'managed_identity_unavailable') throw error
    const hint = isCloudShell(env) ? '; in Azure Cloud Shell, acquireTokenInCloudShell gets a token of the user' : ''
    reach.reason = new AuthError('managed_identity_unavailable', error.message + hint, { cause: error.cause })
    reach.absentUntil = now() + unavailableFor * 1000
    throw reach.reason
  }
}
