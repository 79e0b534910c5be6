import { allowInsecureRequests, customFetch, genericTokenEndpointRequest } from 'oauth4webapi'
import type { Endpoints } from '../authority/endpoints.js'
import type { Client } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import { emptyTelemetry, recordFailure, telemetryHeaders, type CacheRefreshReason } from '../http/telemetry.js'
import type { HttpResponse } from '../http/send.js'
import { sendThrottled } from '../http/throttle.js'
import { libraryHeaders } from '../http/libraryHeaders.js'
import { serverError } from './serverError.js'
import { tokenResponse, type TokenResponse } from './tokenResponse.js'

/** A grant as a flow asks for it. */
export interface TokenRequest {
  readonly grantType: string
  /** The form's fields; empty ones are left out. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  readonly correlationId: string
  /** The number of the operation and why the network is used, for Entra's counters. */
  readonly api: number
  readonly reason: CacheRefreshReason
  /** Whether the same request may be sent again. */
  readonly repeatable: boolean
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
  /** Where to send it, if not to the authority's own token endpoint. */
  readonly tokenEndpoint?: string
}

/** The form's secrets: `client_secret`, `code_verifier`, `assertion` … */
const secretField = /secret|password|code|(assertion|token)$/

/**
 * Asks the token endpoint: oauth4webapi makes the request, {@link sendThrottled} carries it, {@link tokenResponse} checks the answer.
 *
 * @param client The client.
 * @param state What the client remembers between calls.
 * @param endpoints The authority's endpoints.
 * @param request The grant.
 * @returns The checked answer.
 * @throws {AuthError} the server's refusal, `invalid_response`, or what {@link sendThrottled} throws.
 */
export async function requestToken(
  client: Client,
  state: ClientState,
  endpoints: Endpoints,
  request: TokenRequest,
): Promise<TokenResponse> {
  const { telemetry } = state
  const { api, correlationId } = request
  const { clientId, now } = client
  let answer!: HttpResponse
  let secrets: string[] = []
  await genericTokenEndpointRequest(
    { issuer: endpoints.issuer, token_endpoint: request.tokenEndpoint ?? endpoints.tokenEndpoint },
    { client_id: clientId },
    async (_server, _client, body, headers) => {
      if (client.kind === 'confidential') {
        const { tokenEndpoint } = endpoints
        await client.credential.apply({ clientId, tokenEndpoint, authorityKind: client.authority.kind, now }, body, headers)
      }
    },
    request.grantType,
    Object.entries({ client_id: clientId, client_info: '1', ...request.parameters }).filter((pair): pair is [string, string] => Boolean(pair[1])),
    {
      headers: {
        ...libraryHeaders(client),
        ...telemetryHeaders(telemetry, api, request.reason),
        'client-request-id': correlationId,
        ...request.headers,
      },
      [allowInsecureRequests]: true, // https is the authority's rule, which lets loopback hosts pass
      [customFetch]: async (url, { headers, body }) => {
        secrets = [...body].flatMap(([name, value]) => (secretField.test(name) ? value : []))
        const { signal, repeatable } = request
        answer = await sendThrottled(client, { method: 'POST', url, headers, body: `${body}`, signal, repeatable })
        return new Response()
      },
    },
  )
  const response = tokenResponse(answer)
  if (response) {
    state.telemetry = emptyTelemetry()
    return response
  }
  const error = serverError(answer, { now: now(), correlationId, secrets })
  recordFailure(telemetry, api, correlationId, error.error ?? error.code)
  throw error
}
