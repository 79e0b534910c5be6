import type { App } from '../App.js'
import { readClaims } from '../claimsRequest.js'
import { authenticateUserClient, checkOrigin } from '../clientPolicy.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findIdentity } from '../identity.js'
import { isRevoked } from '../memory.js'
import { revokedGrant } from '../revokedGrant.js'
import type { TenantPath } from '../tenantPath.js'
import { issueUserTokens, type UserTokenResponse } from '../userTokens.js'

/**
 * Answers the refresh token grant: for the resource that it was issued for or any other, in any tenant of the user.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param app The app that redeems the token.
 * @param path The tenant that it asks.
 * @returns The token response.
 * @throws {EntraError} when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749, section 6}
 */
export async function refreshToken(
  service: Service,
  exchange: Exchange,
  app: App,
  path: TenantPath,
): Promise<UserTokenResponse> {
  const { directory, memory, refreshTokenRotation } = service
  const { form, now } = exchange
  const token = form.get('refresh_token')
  if (!token) throw new EntraError(900144, { parameter: 'refresh_token' })
  const entry = memory.refreshTokens.get(token)
  if (!entry) throw new EntraError(70000, { reason: 'the refresh token is not known' })
  checkOrigin(exchange, entry.redirectKind)
  const isOwn = entry.clientId === app.clientId
  const authentication = await authenticateUserClient(
    service,
    app,
    exchange,
    path,
    isOwn ? entry.redirectKind : undefined,
  )
  const isFamily = entry.family !== undefined && entry.family === app.family
  if (!isOwn && !isFamily)
    throw new EntraError(
      70000,
      { reason: 'the refresh token was issued to another app' },
      { suberror: 'client_mismatch' },
    )
  if (entry.expiresAt <= now) throw new EntraError(entry.redirectKind === 'spa' ? 700084 : 700082)
  if (entry.jkt !== undefined && exchange.binding?.keyId !== entry.jkt)
    throw new EntraError(70000, { reason: 'the refresh token is bound to another key' })
  const user = directory.users.get(entry.userId)
  if (!user || isRevoked(memory, entry.signIn)) throw revokedGrant(service, entry.signIn)

  // Without a tenant of its own, the request means the one where the user signed in.
  const tenant = path.tenant ?? directory.findTenant(entry.tenantId)
  // Taken before anything is awaited: of two requests at once, one gets the tokens.
  if (refreshTokenRotation === 'revoke') memory.refreshTokens.delete(token)
  return issueUserTokens(service, exchange, {
    ...{ client: app, path, authentication },
    identity: findIdentity(directory, { ...path, tenant }, app, user),
    signIn: entry.signIn,
    scope: withRefreshToken(form.get('scope') || entry.scope),
    claims: readClaims(form.get('claims')),
    redirectKind: isOwn ? entry.redirectKind : undefined,
    codeId: entry.codeId,
    refreshTokenExpiresAt: entry.redirectKind === 'spa' ? entry.expiresAt : undefined,
    isWithoutRefreshToken: refreshTokenRotation === 'off',
  }).catch((error: unknown) => {
    memory.refreshTokens.set(token, entry)
    throw error
  })
}

/** Who redeems a refresh token gets a new one, whether the scope says so or not. */
function withRefreshToken(scope: string): string {
  return scope.split(' ').includes('offline_access') ? scope : `${scope} offline_access`
}
