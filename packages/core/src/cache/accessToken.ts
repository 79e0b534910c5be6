import type { AuthenticationResult } from '../AuthenticationResult.js'
import { readFields, type Fields } from '../json/readFields.js'
import { joinScopes, splitScopes } from '../oauth/scopes.js'
import type { CacheEntity } from '../ports/cacheStore.js'
import type { TokenBinding } from '../ports/tokenScheme.js'
import type { TokenOwner } from './tokenGroup.js'

/** An access token, read once: times are seconds since the epoch; without a `refresh_on` that is the end itself. */
export interface AccessToken {
  readonly entity: CacheEntity
  /** Where it is in its section. */
  readonly key: string
  /** Whether it was got by an app that can answer claims challenges; where nobody remembers, the token itself tells. */
  isCapable?: boolean
  readonly secret: string
  readonly tokenType: string
  readonly scopes: readonly string[]
  readonly cachedAt: number
  readonly expiresOn: number
  readonly refreshOn: number
  /** Whose it is, as `tokenGroup` names them, once that was asked for. */
  group?: string
  /** When it was written or handed out last: a number that counts up. */
  usedAt: number
}

/**
 * Reads an entity of any MSAL's making.
 *
 * @param entity The entity, or whatever else is in its place.
 * @param key Where it is.
 * @returns The token; `undefined` where it is none.
 */
export function readAccessToken(entity: CacheEntity, key = ''): AccessToken | undefined {
  const { text, seconds } = readFields(entity)
  const secret = text('secret')
  const target = text('target')
  const expiresOn = seconds('expires_on')
  if (!secret || !target || !expiresOn) return
  return {
    entity,
    key,
    secret,
    tokenType: text('token_type') ?? 'Bearer',
    scopes: splitScopes(target),
    cachedAt: seconds('cached_at') ?? 0,
    expiresOn,
    refreshOn: seconds('refresh_on') ?? expiresOn,
    usedAt: 0,
  }
}

/**
 * Makes an access token's entity as MSAL Python does.
 *
 * @param owner Whose token.
 * @param response What the server gave, and what it is bound to.
 * @param scopes What was asked for, in case the server does not say what it granted.
 * @param now Seconds since the epoch.
 * @returns The entity.
 */
export function accessTokenEntity(
  owner: TokenOwner,
  { text, seconds, binding }: Fields & { readonly binding?: TokenBinding | undefined },
  scopes: readonly string[],
  now: number,
): CacheEntity {
  const at = (delay: number | undefined): string | undefined => (delay === undefined ? delay : `${now + delay}`)
  const expiresIn = seconds('expires_in') ?? (seconds('expires_on') ?? now + 600) - now
  return {
    credential_type: 'AccessToken',
    ...owner,
    ...binding,
    secret: text('access_token'),
    target: joinScopes(splitScopes(text('scope') ?? scopes.join(' '))),
    token_type: text('token_type') ?? 'Bearer',
    cached_at: at(0),
    expires_on: at(expiresIn),
    extended_expires_on: at(seconds('ext_expires_in') ?? expiresIn),
    refresh_on: at(seconds('refresh_in')),
  }
}

/**
 * Makes the key that MSAL Python keeps an access token under.
 *
 * @param token The token.
 * @returns The key.
 */
export function accessTokenKey(token: CacheEntity): string {
  const { home_account_id, environment, credential_type, client_id, realm, target } = token
  return [home_account_id, environment, credential_type, client_id, realm, target].join('-').toLowerCase()
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
