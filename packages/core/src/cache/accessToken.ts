import { isText } from '../arguments/expect.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { joinScopes, splitScopes } from '../oauth/scopes.js'
import type { TokenResponse } from '../oauth/tokenResponse.js'
import type { CacheEntity } from '../ports/cacheStore.js'
import type { TokenOwner } from './tokenGroup.js'

/** An access token, read once: times are seconds since the epoch; without a `refresh_on` that is the end itself. */
export interface AccessToken {
  readonly entity: CacheEntity
  readonly secret: string
  readonly tokenType: string
  readonly scopes: readonly string[]
  readonly cachedAt: number
  readonly expiresOn: number
  readonly refreshOn: number
}

/**
 * Reads an entity of any MSAL's making.
 *
 * @param entity The entity, or whatever else is in its place.
 * @returns The token; `undefined` where it is none.
 */
export function readAccessToken(entity: CacheEntity): AccessToken | undefined {
  const { secret, token_type: tokenType, target } = entity ?? {}
  const seconds = (name: string): number => {
    const value = entity[name]
    return typeof value === 'object' ? 0 : Math.floor(Number(value)) || 0
  }
  const expiresOn = isText(secret) && seconds('expires_on')
  if (!expiresOn || !isText(target)) return undefined
  return {
    entity,
    secret,
    tokenType: isText(tokenType) ? tokenType : 'Bearer',
    scopes: splitScopes(target),
    cachedAt: seconds('cached_at'),
    expiresOn,
    refreshOn: seconds('refresh_on') || expiresOn,
  }
}

/**
 * Makes an access token's entity as MSAL Python does.
 *
 * @param owner Whose token.
 * @param response What the server gave.
 * @param scopes What was asked for, in case the server does not say what it granted.
 * @param now Seconds since the epoch.
 * @returns The entity.
 */
export function accessTokenEntity(
  owner: TokenOwner,
  { text, seconds }: TokenResponse,
  scopes: readonly string[],
  now: number,
): CacheEntity {
  const expiresIn = seconds('expires_in') ?? (seconds('expires_on') ?? now + 600) - now
  const refreshIn = seconds('refresh_in')
  return {
    ...owner,
    credential_type: 'AccessToken',
    secret: text('access_token'),
    target: joinScopes(splitScopes(text('scope') ?? scopes.join(' '))),
    token_type: text('token_type') ?? 'Bearer',
    cached_at: `${now}`,
    expires_on: `${now + expiresIn}`,
    extended_expires_on: `${now + (seconds('ext_expires_in') ?? expiresIn)}`,
    ...(refreshIn !== undefined && { refresh_on: `${now + refreshIn}` }),
  }
}

/**
 * Makes the key that MSAL Python keeps an access token under.
 *
 * @param token The token.
 * @returns The key.
 */
export function accessTokenKey({ home_account_id, environment, client_id, realm, target }: CacheEntity): string {
  return [home_account_id, environment, 'accesstoken', client_id, realm, target].join('-').toLowerCase()
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
  token: AccessToken,
  source: AuthenticationResult['source'],
  correlationId: string,
): AuthenticationResult {
  const { secret, tokenType, expiresOn, refreshOn, scopes } = token
  return {
    accessToken: secret,
    tokenType,
    expiresOn: new Date(expiresOn * 1000),
    refreshOn: refreshOn < expiresOn ? new Date(refreshOn * 1000) : undefined,
    scopes: [...scopes],
    source,
    correlationId,
  }
}
