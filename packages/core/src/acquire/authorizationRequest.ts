import { expect, isText } from '../arguments/expect.js'
import type { AuthCodeFlow } from '../AuthCodeFlow.js'
import { endpointNamed } from '../authority/endpointNamed.js'
import type { Endpoints } from '../authority/endpoints.js'
import type { Client } from '../client/client.js'
import { defined } from '../json/defined.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from '../oauth/codeGrant.js'
import { decorateScopes, joinScopes } from '../oauth/scopes.js'
import { authorizationUrl } from './authorizationUrl.js'
import type { BindingOptions } from './CallOptions.js'
import { hashNonce } from './hashNonce.js'

/** What can be asked of the authorization page. */
export interface AuthorizationOptions extends BindingOptions {
  /** The scopes of one resource; may be left out where only the sign-in matters. */
  readonly scopes?: readonly string[] | undefined
  /** Scopes of other resources that the user is asked to consent to now; no token is for them. */
  readonly extraScopesToConsent?: readonly string[] | undefined
  /** What to show: one of `Prompt`, or several. */
  readonly prompt?: string | readonly string[] | undefined
  /** The sign-in name, where it is known. */
  readonly loginHint?: string | undefined
  /** `consumers`, `organizations`, or a domain of the user's tenant. */
  readonly domainHint?: string | undefined
  /** A claims challenge from the resource. */
  readonly claims?: string | undefined
  /** How long ago the sign-in may have been, in seconds. */
  readonly maxAge?: number | undefined
}

/**
 * Makes an authorization request with PKCE, state and nonce.
 *
 * @param client The client.
 * @param endpoints The authority's endpoints.
 * @param options What to ask for, where the answer goes, and how.
 * @returns The flow, to be kept until the answer comes.
 * @throws {TypeError} when an option is wrong.
 * @throws {AuthError} `invalid_authority` when the authority has no authorization endpoint.
 */
export async function authorizationRequest(
  client: Client,
  endpoints: Endpoints,
  options: AuthorizationOptions & {
    readonly redirectUri?: string | undefined
    readonly state?: string | undefined
    readonly responseMode?: string | undefined
  },
): Promise<AuthCodeFlow> {
  const { clientId, clientCapabilities, excludeScopes, authority } = client
  const {
    extraScopesToConsent = [],
    prompt,
    loginHint,
    domainHint,
    claims,
    maxAge,
    redirectUri,
    responseMode,
    scheme,
  } = options
  const { state = generateRandomState() } = options
  for (const [name, value] of Object.entries(
    defined({ redirectUri, state, loginHint, domainHint, claims, responseMode }),
  ))
    expect(isText(value), name, 'a non-empty string')
  expect(maxAge === undefined || (Number.isFinite(maxAge) && maxAge >= 0), 'maxAge', 'seconds')
  expect(
    responseMode === undefined || /^(query|fragment|form_post)$/.test(responseMode),
    'responseMode',
    'query, fragment or form_post',
  )
  const prompts = prompt === undefined ? prompt : [prompt].flat()
  expect(prompts?.every(isText) ?? true, 'prompt', 'one of Prompt, or several')
  expect(Array.isArray(extraScopesToConsent) && extraScopesToConsent.every(isText), 'extraScopesToConsent', 'strings')
  const scope = decorateScopes(options.scopes, excludeScopes)
  const codeVerifier = generateRandomCodeVerifier()
  const nonce = generateRandomNonce()
  const url = endpointNamed(authority, endpoints, 'authorization_endpoint', 'oauth2/v2.0/authorize')
  const bound = await scheme?.bind({ method: 'GET', url, keyId: (await scheme.binding()).key_id })
  const authUri = authorizationUrl(url, {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: joinScopes([...scope, ...extraScopesToConsent]),
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    nonce: await hashNonce(nonce),
    client_info: '1',
    login_hint: loginHint,
    prompt: prompts?.join(' '),
    domain_hint: domainHint,
    ...claimsParameter(clientCapabilities, claims),
    max_age: maxAge?.toString(),
    response_mode: responseMode,
    'X-AnchorMailbox': loginHint && `UPN:${loginHint}`,
    ...bound?.parameters,
  })
  return defined({ authUri, state, redirectUri, scope, codeVerifier, nonce, maxAge, claims })
}
