import { canonicalHost } from '../authority/clouds.js'
import { readFields } from '../json/readFields.js'
import type { CacheEntity } from '../ports/cacheStore.js'

/** Whose token and of which kind: the fields that are the same in an access token's entity and in a look-up. */
export interface TokenOwner extends CacheEntity {
  /** `null` for an app's own tokens. */
  readonly home_account_id: string | null
  /** The authority's host; names of the same cloud are equal. */
  readonly environment: string
  /** The app. */
  readonly client_id: string
  /** The tenant. */
  readonly realm: string
}

/**
 * Names a group of tokens that differ in their scopes only, so that look-ups compare one text; an app's group names its partition, too.
 *
 * @param entity An owner, or an access token of any MSAL's making.
 * @returns A text that is equal for equal owners only.
 */
export function tokenGroup(entity: CacheEntity): string {
  const { text } = readFields(entity)
  const hash = text('userAssertionHash') ?? text('user_assertion_hash')
  return JSON.stringify([
    hash,
    hash ?? (entity['home_account_id'] || ''), // whose token it is follows from the assertion that it was got for
    canonicalHost(text('environment') ?? ''),
    entity['client_id'],
    text('realm')?.toLowerCase(),
    (text('token_type') ?? '').toLowerCase().replace('bearer', ''),
    text('key_id') ?? text('kid'),
  ])
}
