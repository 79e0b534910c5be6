import type { App } from '../App.js'
import type { AuthorizationCode } from '../AuthorizationCode.js'
import { readClaims } from '../claimsRequest.js'
import { authenticateUserClient, checkOrigin } from '../clientPolicy.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findIdentity } from '../identity.js'
import { isRevoked } from '../memory.js'
import { readScopes } from '../scopes.js'
import { revokedGrant } from '../revokedGrant.js'
import type { TenantPath } from '../tenantPath.js'
import { issueUserTokens, type UserTokenResponse } from '../userTokens.js'
import { verifyCodeChallenge } from '../verifyCodeChallenge.js'

/**
 * Answers the authorization code grant.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param app The app that redeems the code.
 * @param path The tenant that it asks.
 * @returns The token response.
 * @throws {EntraError} when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 RFC 6749, section 4.1.3}
 */
export async function authorizationCode(
  service: Service,
  exchange: Exchange,
  app: App,
  path: TenantPath,
): Promise<UserTokenResponse> {
  const { directory, memory } = service
  const { form, now } = exchange
  const code = form.get('code')
  if (!code) throw new EntraError(900144, { parameter: 'code' })
  const entry = memory.codes.get(code)
  if (!entry || entry.request.client.clientId !== app.clientId)
    throw new EntraError(70000, { reason: 'the code is not known, or is for another app' })
  const { request } = entry
  const { redirectKind } = request.target
  checkOrigin(exchange, redirectKind)
  const authentication = await authenticateUserClient(service, app, exchange, path, redirectKind)
  checkPlace(entry, form, path)
  if (entry.isRedeemed) {
    revokeRefreshTokens(service, entry.id)
    throw new EntraError(54005)
  }
  if (entry.expiresAt <= now) throw new EntraError(70008)
  if (request.dpopJkt !== undefined && exchange.binding?.keyId !== request.dpopJkt)
    throw new EntraError(70000, { reason: 'the code is bound to another key' })
  // Redeemed before anything is awaited: of two requests at once, one gets the tokens.
  entry.isRedeemed = true
  await checkVerifier(entry, form)
  if (isRevoked(memory, entry.signIn)) throw revokedGrant(service, entry.signIn)

  const user = directory.users.get(entry.userId)
  if (!user) throw new EntraError(70000, { reason: 'the user is not there any more' })
  const own = readClaims(form.get('claims'))
  return issueUserTokens(service, exchange, {
    ...{ client: app, path, authentication, redirectKind },
    identity: findIdentity(directory, request.path, app, user),
    signIn: entry.signIn,
    scope: form.get('scope') || authorizedScope(service, entry),
    claims: form.get('claims') ? own : request.claims,
    nonce: request.nonce,
    hasAuthTime: request.maxAge !== undefined || request.claims.wantsAuthTime || own.wantsAuthTime,
    codeId: entry.id,
  })
}

function checkPlace({ request, tenantId }: AuthorizationCode, form: URLSearchParams, path: TenantPath): void {
  const redirectUri = form.get('redirect_uri')
  if (request.hasRedirectUri ? redirectUri !== request.target.redirectUri : redirectUri) throw new EntraError(500112)
  const isElsewhere = path.tenant && path.segment !== 'consumers' && path.tenant.id !== tenantId
  if (isElsewhere || path.policy !== request.path.policy || path.shape !== request.path.shape)
    throw new EntraError(700005)
}

async function checkVerifier({ request }: AuthorizationCode, form: URLSearchParams): Promise<void> {
  const { codeChallenge, codeChallengeMethod } = request
  const verifier = form.get('code_verifier')
  if (codeChallenge === undefined) {
    if (verifier) throw new EntraError(501481)
    return
  }
  if (!verifier || !(await verifyCodeChallenge(verifier, codeChallenge, codeChallengeMethod ?? 'plain')))
    throw new EntraError(501481)
}

function authorizedScope({ directory }: Service, { request, tenantId }: AuthorizationCode): string {
  if (request.path.shape === 'adfs') return request.scope
  const { resources } = readScopes(directory, request.client, tenantId, request.scope)
  if (resources.length > 1) throw new EntraError(28003)
  return request.scope
}

/** A code that comes twice may have been stolen: what it was redeemed for is taken back. */
function revokeRefreshTokens({ memory }: Service, codeId: string): void {
  for (const [token, entry] of memory.refreshTokens) if (entry.codeId === codeId) memory.refreshTokens.delete(token)
}
