import { expect, isText } from '../arguments/expect.js'
import { AuthError, type AuthErrorCode } from '../AuthError.js'
import { canonicalHost } from '../authority/clouds.js'
import type { Endpoints } from '../authority/endpoints.js'
import type { Client } from '../client/client.js'
import { isObject } from '../json/parseObject.js'
import { AuthorizationResponseError, validateAuthResponse } from '../oauth/codeGrant.js'

/** The parameters of an authorization response, from a query, a fragment or a form. */
export type AuthorizationResponse = Readonly<Record<string, unknown>> | URLSearchParams

/** Ways of saying that something would have to be shown (OpenID Connect Core 1.0 §3.1.2.6). */
const interaction = /^(interaction|login|account_selection)_required$/

/**
 * Checks an authorization response: its state first, then its issuer (RFC 9207), then what it says.
 *
 * @param client The client.
 * @param endpoints The authority's endpoints.
 * @param response The response.
 * @param state What it must carry.
 * @returns The code, and `client_info` where Entra gave it.
 * @throws {TypeError} when the response is not an object.
 * @throws {AuthError} `state_mismatch`; `access_denied`, `interaction_required`, `consent_required` … as the server refuses;
 * `invalid_response` when it is of another issuer, or holds no code.
 */
export function authorizationResponse(
  client: Client,
  { metadata }: Endpoints,
  response: AuthorizationResponse,
  state: unknown,
): { readonly code: string; readonly clientInfo: string | undefined } {
  expect(isObject(response), 'response', 'the parameters of the authorization response')
  const parameters =
    response instanceof URLSearchParams
      ? response
      : new URLSearchParams(
          Object.entries(response).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
        )
  if (!isText(state) || parameters.getAll('state').join(' ') !== state)
    throw new AuthError('state_mismatch', 'Cannot trust the response: it does not belong to this sign-in')
  const iss = parameters.get('iss') ?? ''
  const isOfCloud = client.authority.kind === 'entra' && URL.canParse(iss) && isSameCloud(iss, metadata.issuer)
  try {
    validateAuthResponse(
      { ...metadata, issuer: isOfCloud ? iss : metadata.issuer },
      { client_id: client.clientId },
      parameters,
      state,
    )
  } catch (error) {
    if (error instanceof AuthorizationResponseError) throw refusal(parameters)
    // Its cause holds the code.
    throw new AuthError('invalid_response', `Cannot use the response: ${(error as Error).message}`)
  }
  const code = parameters.get('code')
  if (!code) throw new AuthError('invalid_response', 'Cannot use the response: no code in it')
  return { code, clientInfo: parameters.get('client_info') ?? undefined }
}

function isSameCloud(one: string, other: string): boolean {
  return canonicalHost(new URL(one).host) === canonicalHost(new URL(other).host)
}

/** Of a refusal three fields are read, whatever else is in the query: anybody can write one. */
function refusal(parameters: URLSearchParams): AuthError {
  const said = (name: string): string | undefined => parameters.get(name)?.slice(0, 4096)
  const error = said('error') ?? ''
  const errorDescription = said('error_description')
  const code: AuthErrorCode = interaction.test(error)
    ? 'interaction_required'
    : /^(access_denied|consent_required|invalid_(request|scope|client|resource)|unauthorized_client|server_error)$/.test(
          error,
        )
      ? (error as AuthErrorCode)
      : 'server_error'
  const errorCodes = (errorDescription?.match(/(?<=AADSTS)\d+/g) ?? []).slice(0, 16).map(Number)
  return new AuthError(code, `Cannot sign in: ${error}: ${errorDescription ?? 'no reason given'}`, {
    error,
    errorDescription,
    errorCodes,
  })
}
