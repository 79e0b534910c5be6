import type { Account } from '../Account.js'
import { isText } from '../arguments/expect.js'
import type { CacheEntity } from '../ports/cacheStore.js'

/** Who can be signed in anywhere; the account of Azure Cloud Shell is good there only. */
const authorityTypes = ['MSSTS', 'ADFS', 'Generic']

/**
 * Reads an account of any MSAL's making.
 *
 * @param entity The entity, or whatever else is in its place.
 * @param host `AZUREPS_HOST_ENVIRONMENT`, which says whether this is Azure Cloud Shell.
 * @returns The account; `undefined` where it is none.
 */
export function readAccount(entity: CacheEntity, host?: string): Account | undefined {
  const { home_account_id: homeAccountId, environment, authority_type: authorityType } = entity ?? {}
  if (!isText(homeAccountId) || !isText(environment) || !isText(authorityType)) return undefined
  // Where nothing is known, the field may be missing or null.
  const others = ['username', 'realm', 'local_account_id', 'account_source'].map((name) => entity[name] ?? undefined)
  if (!others.every((value) => value === undefined || typeof value === 'string')) return undefined
  const [username = '', realm = '', localAccountId, accountSource] = others
  return authorityTypes.includes(authorityType) || (authorityType === 'CLOUDSHELL' && host?.startsWith('cloud-shell'))
    ? { homeAccountId, environment, username, localAccountId, realm, authorityType, accountSource }
    : undefined
}
