import type { Account } from '../Account.js'
import type { Fields } from '../json/readFields.js'
import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'
import { putAccessToken } from './accessTokenIndex.js'
import { putEntity } from './putEntity.js'
import type { TokenOwner } from './tokenGroup.js'

/** A user's tokens, as a grant gave them. */
export interface UserTokens {
  readonly owner: TokenOwner
  readonly response: Fields
  /** The access token's entity; without a secret there is no access token. */
  readonly entity: CacheEntity
  /** Whether the client can answer claims challenges. */
  readonly isCapable: boolean
  /** When, since the epoch. */
  readonly seconds: number
  /** The account to write; a refresh writes none, so that it cannot bring back one that was removed. */
  readonly account?: Account | undefined
  /** The key of the refresh token that was redeemed: the new one takes its place. */
  readonly redeemed?: string | undefined
}

/**
 * Writes what a grant gave for a user, as MSAL Python does, in place of what other MSALs wrote of the same.
 *
 * @param document The document, which is changed; a new one where there is none.
 * @param tokens What was given.
 * @returns The document.
 */
export function writeUser(
  document: CacheDocument = {},
  { owner, response, entity, isCapable, seconds, account, redeemed }: UserTokens,
): CacheDocument {
  const { client_id, realm, userAssertionHash, ...user } = owner
  const { home_account_id: home, environment } = user
  const put = (name: string, key: unknown[], fields: CacheEntity, identity: string[]): void =>
    putEntity(document, name, [home, environment, ...key].join('-').toLowerCase(), { ...user, ...fields }, [
      'home_account_id',
      'environment',
      ...identity,
    ])
  const { target } = entity
  const idToken = response.text('id_token')
  const secret = response.text('refresh_token')
  const family = response.text('foci')
  if (entity['secret']) putAccessToken(document, entity, isCapable)
  if (account) {
    const { localAccountId = null, username, authorityType, accountSource } = account
    const source = accountSource && { account_source: accountSource }
    const fields = { realm, local_account_id: localAccountId, username, authority_type: authorityType, ...source }
    put('Account', [realm], fields, ['realm'])
  }
  if (idToken) {
    const fields = { credential_type: 'IdToken', secret: idToken, realm, client_id }
    put('IdToken', ['idtoken', client_id, realm, ''], fields, ['realm', 'client_id'])
  }
  const fresh = { secret, last_modification_time: `${seconds}`, ...(family && { family_id: family }) }
  if (secret && redeemed) Object.assign(document.RefreshToken![redeemed]!, fresh)
  else if (secret) {
    const fields = { credential_type: 'RefreshToken', client_id, target, userAssertionHash, ...fresh }
    put('RefreshToken', ['refreshtoken', client_id, '', target], fields, ['client_id', 'target', 'userAssertionHash'])
  }
  return document
}
