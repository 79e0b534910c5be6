import { signUserToken } from './accessToken.js'
import type { App, RedirectKind } from './App.js'
import type { ClaimsRequest } from './claimsRequest.js'
import type { ClientAuthentication } from './clientAuthentication.js'
import { clientInfo } from './clientInfo.js'
import { mfaChallenge, needsMfa } from './conditionalAccess.js'
import { EntraError } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import { signIdToken } from './idToken.js'
import type { Identity } from './identity.js'
import type { Binding } from './proof/Binding.js'
import { randomBase64url } from './randomBase64url.js'
import type { RefreshToken } from './RefreshToken.js'
import { remember } from './remember.js'
import type { SignIn } from './SignIn.js'
import type { TenantPath } from './tenantPath.js'
import { readTokenScopes } from './tokenScopes.js'

/** For whom tokens are issued, and on which ground. */
export interface UserGrant {
  readonly client: App
  readonly path: TenantPath
  readonly identity: Identity
  readonly signIn: SignIn
  readonly scope: string
  readonly claims: ClaimsRequest
  readonly authentication?: ClientAuthentication | undefined
  readonly nonce?: string | undefined
  /** The ID token says when the user signed in. */
  readonly hasAuthTime?: boolean | undefined
  readonly redirectKind?: RedirectKind | undefined
  readonly codeId?: string | undefined
  /** When the refresh token of a single-page app expires, where that is settled already; ms since the epoch. */
  readonly refreshTokenExpiresAt?: number | undefined
  /** No refresh token is answered, whatever the scope. */
  readonly isWithoutRefreshToken?: boolean | undefined
  /** The OAuth error code where the second factor is missing. @default 'invalid_grant' */
  readonly mfaError?: string | undefined
}

/** The answer of the token endpoint to a user's sign-in. */
export interface UserTokenResponse {
  readonly token_type: 'Bearer' | Binding['tokenType']
  readonly scope: string
  readonly expires_in: number
  readonly ext_expires_in: number
  readonly refresh_in?: number
  readonly access_token?: string
  readonly refresh_token?: string
  readonly id_token?: string
  readonly client_info?: string
  readonly foci?: '1'
  readonly resource?: string
}

const spaLifetime = 24 * 60 * 60

/**
 * Issues the tokens of a user.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param grant For whom, and on which ground.
 * @returns The token response.
 * @throws {EntraError} 65001 without consent, 50076 when the second factor is missing, 28000 for two resources.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse OpenID Connect, section 3.1.3.3}
 */
export async function issueUserTokens(
  service: Service,
  exchange: Exchange,
  grant: UserGrant,
): Promise<UserTokenResponse> {
  const { client, path, identity, signIn, claims } = grant
  const { user, tenant } = identity
  if (user.isDisabled) throw new EntraError(50057)
  const holder = { client, tenantId: tenant.id, userId: identity.id }
  const scopes = readTokenScopes(service.directory, path, holder, grant.scope)
  const { api, openid } = scopes
  const facts = { client, user, apis: api ? [api] : [], claims }
  if (!signIn.hasMfa && needsMfa(facts)) throw mfaChallenge(facts, grant.mfaError ?? 'invalid_grant')

  const isAdfs = path.shape === 'adfs'
  const wantsRefreshToken = openid.has('offline_access') && !grant.isWithoutRefreshToken
  const refreshIn = client.refreshIn ?? service.refreshIn
  const hasAuthTime = grant.hasAuthTime ?? claims.wantsAuthTime
  return {
    token_type: exchange.binding?.tokenType ?? 'Bearer',
    scope: scopes.answer,
    expires_in: service.tokenLifetime,
    ext_expires_in: service.tokenLifetime,
    ...(refreshIn === undefined ? {} : { refresh_in: refreshIn }),
    ...(api ? { access_token: await signUserToken(service, exchange, { ...grant, api, scopes }) } : {}),
    ...(wantsRefreshToken
      ? { refresh_token: issueRefreshToken(service, exchange.now, { ...grant, jkt: boundKey(client, exchange) }) }
      : {}),
    ...(openid.has('openid')
      ? { id_token: await signIdToken(service, exchange, { ...grant, scopes, hasAuthTime }) }
      : {}),
    ...(exchange.form.get('client_info') === '1' && !isAdfs ? { client_info: clientInfo(path, user) } : {}),
    ...(client.family === undefined ? {} : { foci: client.family }),
    ...(isAdfs ? { resource: scopes.resource } : {}),
  }
}

/**
 * Issues a refresh token.
 *
 * @param service The emulator.
 * @param now ms since the epoch.
 * @param grant For whom, and on which ground.
 * @returns The token.
 */
export function issueRefreshToken(
  service: Service,
  now: number,
  grant: Pick<
    UserGrant,
    'client' | 'identity' | 'signIn' | 'scope' | 'redirectKind' | 'codeId' | 'refreshTokenExpiresAt'
  > & { readonly jkt?: string | undefined },
): string {
  const { client, identity, redirectKind } = grant
  const lifetime = redirectKind === 'spa' ? spaLifetime : service.refreshTokenLifetime
  const entry: RefreshToken = {
    clientId: client.clientId,
    family: client.family,
    userId: identity.user.id,
    tenantId: identity.tenant.id,
    signIn: grant.signIn,
    scope: grant.scope,
    redirectKind,
    codeId: grant.codeId,
    jkt: grant.jkt,
    issuedAt: now,
    expiresAt: grant.refreshTokenExpiresAt ?? now + lifetime * 1000,
  }
  const token = `1.${randomBase64url(64)}`
  remember(service.memory.refreshTokens, token, entry)
  return token
}

/** The refresh tokens of a client without a credential are bound as well (RFC 9449 §5). */
function boundKey({ isPublic }: App, { binding }: Exchange): string | undefined {
  return isPublic && binding?.tokenType === 'DPoP' ? binding.keyId : undefined
}
