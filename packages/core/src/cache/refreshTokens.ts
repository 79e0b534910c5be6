import { isText } from '../arguments/expect.js'
import { readFields } from '../json/readFields.js'
import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'
import { isSameEntity } from './putEntity.js'

/** A refresh token, and where it is. */
export interface RefreshToken {
  readonly key: string
  readonly secret: string
  readonly environment: string
}

/**
 * Finds a user's refresh tokens, newest first.
 *
 * @param document Where to look.
 * @param owner The user, the cloud, and the assertion that the tokens were got for, where there was one.
 * @param fits Which of them.
 * @returns The tokens.
 */
export function refreshTokens(
  document: CacheDocument | undefined,
  owner: CacheEntity,
  fits: (entity: CacheEntity) => boolean,
): RefreshToken[] {
  const modified = (entity: CacheEntity): number => readFields(entity).seconds('last_modification_time') ?? 0
  return Object.entries(document?.RefreshToken ?? {})
    .filter(
      ([, entity]) =>
        isSameEntity(entity, owner, ['home_account_id', 'environment', 'userAssertionHash']) &&
        entity['user_assertion_hash'] === undefined &&
        isText(entity['secret']) &&
        fits(entity),
    )
    .sort(([, a], [, b]) => modified(b) - modified(a))
    .map(([key, { secret, environment }]) => ({ key, secret: String(secret), environment: String(environment) }))
}
