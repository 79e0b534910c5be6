import { isText } from '../arguments/expect.js'
import { canonicalHost } from '../authority/clouds.js'
import type { CacheEntity } from '../ports/cacheStore.js'

/** Whose token and of which kind: the fields that are the same in an access token's entity and in a look-up. */
export interface TokenOwner extends CacheEntity {
  /** `null` for an app's own tokens. */
  readonly home_account_id: string | null
  /** The authority's host; names of the same cloud are equal. */
  readonly environment: string
  readonly client_id: string
  readonly realm: string
}

/**
 * Names a group of tokens that differ in their scopes only, so that look-ups compare one text; an app's group names its partition, too.
 *
 * @param entity An owner, or an access token of any MSAL's making.
 * @returns A text that is equal for equal owners only.
 */
export function tokenGroup(entity: CacheEntity): string {
  const [environment, realm, type] = ['environment', 'realm', 'token_type'].map((name) =>
    isText(entity[name]) ? entity[name].toLowerCase() : '',
  )
  const {
    home_account_id: user,
    client_id: client,
    key_id: key,
    kid,
    userAssertionHash: hash,
    user_assertion_hash: netHash,
  } = entity
  return JSON.stringify([
    user || '',
    canonicalHost(environment!),
    client,
    realm,
    type === 'bearer' ? '' : type,
    key ?? kid,
    hash ?? netHash,
  ])
}
