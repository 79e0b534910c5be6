import type { AuthenticationResult } from '../AuthenticationResult.js'
import { joinScopes, splitScopes } from '../oauth/scopes.js'
import type { TokenResponse } from '../oauth/tokenResponse.js'
import type { CacheEntity } from '../ports/cacheStore.js'
import type { TokenOwner } from './tokenGroup.js'

/** An access token, read once: times are seconds since the epoch. */
export interface AccessToken {
  readonly secret: string
  readonly tokenType: string
  readonly scopes: readonly string[]
  readonly cachedAt: number
  readonly expiresOn: number
  readonly refreshOn: number | undefined
}

/**
 * Makes an access token's entity as MSAL Python does: every field, times as decimal strings.
 *
 * @param owner Whose token.
 * @param response What the server gave.
 * @param scopes What was asked for, in case the server does not say what it granted.
 * @param now Seconds since the epoch.
 * @returns The key and the entity.
 */
export function accessTokenEntity(
  { clientId, environment, realm, homeAccountId, keyId }: TokenOwner,
  response: TokenResponse,
  scopes: readonly string[],
  now: number,
): [key: string, entity: CacheEntity] {
  const { text, seconds } = response
  const target = joinScopes(splitScopes(text('scope') ?? scopes.join(' ')))
  const expiresIn = seconds('expires_in') ?? (seconds('expires_on') ?? now + 600) - now
  const refreshIn = seconds('refresh_in')
  return [
    [homeAccountId, environment, 'accesstoken', clientId, realm, target].join('-').toLowerCase(),
    {
      credential_type: 'AccessToken',
      secret: text('access_token'),
      home_account_id: homeAccountId ?? null,
      environment,
      client_id: clientId,
      target,
      realm,
      token_type: text('token_type') ?? 'Bearer',
      cached_at: `${now}`,
      expires_on: `${now + expiresIn}`,
      extended_expires_on: `${now + (seconds('ext_expires_in') ?? expiresIn)}`,
      ...(refreshIn !== undefined && { refresh_on: `${now + refreshIn}` }),
      ...(keyId && { key_id: keyId }),
    },
  ]
}

/**
 * Reads an entity of any MSAL's making.
 *
 * @param entity The entity.
 * @returns The token; `undefined` where it is none.
 */
export function readAccessToken(entity: CacheEntity): AccessToken | undefined {
  const { secret, token_type: tokenType, target, expires_on, refresh_on, cached_at } = entity
  const expiresOn = Math.floor(Number(expires_on))
  if (typeof secret !== 'string' || typeof target !== 'string' || !secret || !expiresOn) return undefined
  return {
    secret,
    tokenType: String(tokenType ?? 'Bearer'),
    scopes: splitScopes(target),
    cachedAt: Number(cached_at),
    expiresOn,
    refreshOn: Math.floor(Number(refresh_on)) || undefined,
  }
}

/**
 * Makes the result of an operation.
 *
 * @param token The access token, just got or found.
 * @param source Who gave it.
 * @param correlationId The call's id.
 * @returns The result.
 */
export function tokenResult(
  { secret, tokenType, expiresOn, refreshOn, scopes }: AccessToken,
  source: AuthenticationResult['source'],
  correlationId: string,
): AuthenticationResult {
  return {
    accessToken: secret,
    tokenType,
    expiresOn: new Date(expiresOn * 1000),
    ...(refreshOn && { refreshOn: new Date(refreshOn * 1000) }),
    scopes: [...scopes],
    source,
    correlationId,
  }
}
