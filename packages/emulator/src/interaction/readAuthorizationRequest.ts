import type { App } from '../App.js'
import { readClaims } from '../claimsRequest.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findRedirectKind } from '../findRedirectKind.js'
import { readScopes } from '../scopes.js'
import type { TenantPath } from '../tenantPath.js'
import type { AuthorizationRequest, ResponseTarget } from './AuthorizationRequest.js'

const prompts = new Set(['none', 'login', 'select_account', 'consent', 'create'])

/** A request of the authorization endpoint whose sender may be told what is wrong. */
export interface AddressedRequest {
  readonly client: App
  readonly path: TenantPath
  readonly target: ResponseTarget
  readonly parameters: URLSearchParams
}

/**
 * Reads who sent an authorization request, and where the response goes: until this is known, errors are shown on a page.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param path What its path stands for.
 * @returns The app and the target.
 * @throws {EntraError} 700016 for an unknown app, 50011 for a redirect URI that is not registered.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 RFC 6749, section 4.1.2.1}
 */
export function readAddressedRequest(service: Service, exchange: Exchange, path: TenantPath): AddressedRequest {
  const parameters = exchange.request.method === 'POST' ? exchange.form : exchange.url.searchParams
  const names = [...parameters.keys()]
  if (new Set(names).size < names.length) throw new EntraError(9002313, { reason: 'a parameter is repeated' })
  const clientId = parameters.get('client_id')
  if (!clientId) throw new EntraError(900144, { parameter: 'client_id' })
  const client = path.tenant
    ? service.directory.findApp(path.tenant.id, clientId)
    : service.directory.apps.get(clientId.toLowerCase())
  if (!client) throw new EntraError(700016, { app: clientId, tenant: path.tenant?.name ?? path.segment })
  if (client.isDisabled) throw new EntraError(7000112, { app: clientId })

  const { web = [], spa = [], publicClient = [] } = client.redirectUris ?? {}
  const redirectUri = parameters.get('redirect_uri') || [...publicClient, ...spa, ...web][0]
  if (redirectUri === undefined) throw new EntraError(900971)
  const redirectKind = findRedirectKind(client, redirectUri)
  if (!redirectKind) throw new EntraError(50011, { uri: redirectUri, app: clientId })
  const mode = parameters.get('response_mode')
  const responseMode = mode === 'fragment' || mode === 'form_post' ? mode : 'query'
  const state = parameters.get('state') ?? undefined
  return { client, path, target: { redirectUri, redirectKind, responseMode, state }, parameters }
}

/**
 * Reads the rest of an authorization request.
 *
 * @param service The emulator.
 * @param addressed Who sent it.
 * @returns The request, or why it is refused: this is told at the redirect URI.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect, section 3.1.2.1}
 */
export function readAuthorizationRequest(
  service: Service,
  addressed: AddressedRequest,
): AuthorizationRequest | EntraError {
  try {
    return check(service, addressed)
  } catch (error) {
    if (error instanceof EntraError) return error
    throw error
  }
}

function check(service: Service, addressed: AddressedRequest): AuthorizationRequest {
  const { client, path, target, parameters } = addressed
  const text = (name: string): string | undefined => parameters.get(name) || undefined
  const type = text('response_type')
  if (type === undefined) throw new EntraError(900144, { parameter: 'response_type' })
  if (type !== 'code') throw new EntraError(700051, { type })
  const mode = text('response_mode')
  if (mode !== undefined && mode !== target.responseMode) throw new EntraError(70007, { mode })
  const scope = text('scope') ?? (path.shape === 'adfs' ? 'openid' : undefined)
  if (scope === undefined) throw new EntraError(900144, { parameter: 'scope' })
  if (path.shape !== 'adfs') readScopes(service.directory, client, path.tenant?.id ?? client.tenantId, scope)
  return {
    client,
    path,
    target,
    scope: path.shape === 'adfs' ? [scope, text('resource')].filter(Boolean).join(' ') : scope,
    prompts: readPrompts(text('prompt'), path),
    loginHint: text('login_hint'),
    domainHint: text('domain_hint')?.toLowerCase(),
    maxAge: readMaxAge(text('max_age')),
    claims: readClaims(parameters.get('claims')),
    hasRedirectUri: parameters.has('redirect_uri'),
    nonce: text('nonce'),
    ...readCodeChallenge(text('code_challenge'), text('code_challenge_method'), target),
    dpopJkt: text('dpop_jkt'),
    wantsClientInfo: text('client_info') === '1',
  }
}

function readPrompts(prompt: string | undefined, path: TenantPath): ReadonlySet<string> {
  const values = new Set(prompt?.split(' ').filter(Boolean))
  const isKnown = [...values].every((value) => prompts.has(value))
  const isAlone = values.size < 2 || !(values.has('none') || values.has('create'))
  // nobody makes their own account in an organisation
  const isOrganisation = path.segment === 'organizations' || (path.tenant !== undefined && !hasSignUp(path))
  if (!isKnown || !isAlone || (values.has('create') && isOrganisation))
    throw new EntraError(90023, { prompt: prompt ?? '' })
  return values
}

function hasSignUp({ shape, segment, tenant }: TenantPath): boolean {
  return shape === 'b2c' || shape === 'ciam' || segment === 'consumers' || tenant?.domains === undefined
}

function readMaxAge(maxAge: string | undefined): number | undefined {
  if (maxAge === undefined) return undefined
  if (!/^\d{1,9}$/.test(maxAge)) throw new EntraError(9002313, { reason: 'max_age is not a number of seconds' })
  return Number(maxAge)
}

function readCodeChallenge(
  codeChallenge: string | undefined,
  method: string | undefined,
  { redirectKind }: ResponseTarget,
): Pick<AuthorizationRequest, 'codeChallenge' | 'codeChallengeMethod'> {
  if (codeChallenge === undefined) {
    if (redirectKind === 'spa') throw new EntraError(9002325)
    return {}
  }
  const codeChallengeMethod = method ?? 'plain'
  if (codeChallengeMethod !== 'S256' && codeChallengeMethod !== 'plain')
    throw new EntraError(9002313, { reason: 'code_challenge_method must be S256 or plain' })
  if (!/^[\w.~-]{43,128}$/.test(codeChallenge))
    throw new EntraError(9002313, { reason: 'code_challenge must be 43 to 128 unreserved characters' })
  return { codeChallenge, codeChallengeMethod }
}
