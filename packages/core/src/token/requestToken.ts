import { allowInsecureRequests, customFetch, genericTokenEndpointRequest } from 'oauth4webapi'
import type { Endpoints } from '../authority/endpoints.js'
import type { Client } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import { emptyTelemetry, recordFailure, telemetryHeaders, type CacheRefreshReason } from '../http/telemetry.js'
import type { HttpRequest, HttpResponse } from '../http/send.js'
import { sendThrottled } from '../http/throttle.js'
import { senderHeaders } from '../http/senderHeaders.js'
import { serverError } from '../oauth/serverError.js'
import { tokenResponse } from '../oauth/tokenResponse.js'
import type { Fields } from '../json/readFields.js'
import type { TokenBinding, TokenScheme } from '../ports/tokenScheme.js'

/** A grant as a flow asks for it. */
export interface TokenRequest extends Pick<HttpRequest, 'signal' | 'once' | 'poll'> {
  readonly grantType: string
  /** The form's own fields. */
  readonly parameters: Readonly<Record<string, string>>
  readonly correlationId: string
  /** The number of the operation and why the network is used, for Entra's counters. */
  readonly api: number
  readonly reason: CacheRefreshReason
  /** A field of the answer that is enough without an access token. */
  readonly orElse?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Where to send it: the authority's token endpoint, or a region's. */
  readonly tokenEndpoint: string
  /** How the token is to be bound. */
  readonly scheme?: TokenScheme | undefined
}

/** The checked answer, and what its access token is bound to. */
export interface TokenResponse extends Fields {
  /** What the access token is bound to; `undefined` for a bearer token. */
  readonly binding: TokenBinding | undefined
}

/**
 * Asks the token endpoint: oauth4webapi makes the request, {@link sendThrottled} carries it, {@link tokenResponse} checks the answer.
 *
 * @param client The client.
 * @param state What the client remembers between calls.
 * @param endpoints The authority's endpoints, the token endpoint among them.
 * @param request The grant.
 * @returns The checked answer.
 * @throws {AuthError} the server's refusal, `invalid_response`, or what {@link sendThrottled} throws.
 */
export async function requestToken(
  client: Client,
  state: ClientState,
  { metadata }: Endpoints,
  request: TokenRequest,
): Promise<TokenResponse> {
  const { api, correlationId, scheme, tokenEndpoint } = request
  const { clientId, now } = client
  const binding = await scheme?.binding()
  let answer = await send()
  if (scheme?.inspect(answer, tokenEndpoint)) answer = await send()
  const response = tokenResponse(answer, request.orElse)
  if (response && (!binding || response.text('token_type')?.toLowerCase() === binding.token_type)) {
    state.telemetry = emptyTelemetry()
    return { ...response, binding }
  }
  const error = serverError(answer, { now: now(), correlationId })
  recordFailure(state.telemetry, api, correlationId, error.error ?? error.code)
  throw error

  async function send(): Promise<HttpResponse> {
    const bound = await scheme?.bind({ method: 'POST', url: tokenEndpoint, keyId: binding!.key_id })
    let answer!: HttpResponse
    await genericTokenEndpointRequest(
      { ...metadata, token_endpoint: tokenEndpoint },
      { client_id: clientId },
      async (_server, _client, body, headers) => {
        if (client.kind === 'confidential') {
          const context = {
            clientId,
            tokenEndpoint: metadata.token_endpoint,
            authorityKind: client.authority.kind,
            now,
          }
          await client.credential.apply(context, body, headers)
        }
      },
      request.grantType,
      { client_id: clientId, client_info: '1', ...request.parameters, ...bound?.parameters },
      {
        headers: {
          ...senderHeaders(client),
          ...telemetryHeaders(state.telemetry, api, request.reason),
          'client-request-id': correlationId,
          ...request.headers,
          ...bound?.headers,
        },
        [allowInsecureRequests]: true, // https is the authority's rule, which lets loopback hosts pass
        // The library names itself as the user agent, which a page must not (see tsup.config.ts).
        [customFetch]: async (url, { headers: { ...headers }, body }) => {
          delete headers['user-agent']
          answer = await sendThrottled(client, { ...request, method: 'POST', url, headers, body: `${body}` })
          return new Response()
        },
      },
    )
    return answer
  }
}
