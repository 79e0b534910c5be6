import type { Account } from '../Account.js'
import { isText } from '../arguments/expect.js'
import type { CacheEntity } from '../ports/cacheStore.js'

/** Who can be signed in; the account that MSAL Python keeps in Azure Cloud Shell is not for others. */
const authorityTypes = ['MSSTS', 'ADFS', 'Generic']

/**
 * Reads an account of any MSAL's making.
 *
 * @param entity The entity, or whatever else is in its place.
 * @returns The account; `undefined` where it is none.
 */
export function readAccount(entity: CacheEntity): Account | undefined {
  const { home_account_id: homeAccountId, environment, authority_type: authorityType } = entity ?? {}
  if (!isText(homeAccountId) || !isText(environment) || !isText(authorityType)) return undefined
  // Where nothing is known, the field may be missing or null.
  const others = ['username', 'realm', 'local_account_id', 'account_source'].map((name) => entity[name] ?? undefined)
  if (!others.every((value) => value === undefined || typeof value === 'string')) return undefined
  const [username = '', realm = '', localAccountId, accountSource] = others
  return authorityTypes.includes(authorityType)
    ? { homeAccountId, environment, username, localAccountId, realm, authorityType, accountSource }
    : undefined
}
