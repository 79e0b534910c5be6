import type { Account } from '../Account.js'
import { expect, isText } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import { AuthError } from '../AuthError.js'
import { canonicalHost } from '../authority/clouds.js'
import { readAccount } from '../cache/readAccount.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { variable } from '../runtime/environment.js'

/** What {@link getAccounts} takes. */
export interface GetAccountsOptions {
  /** Only the accounts of this sign-in name, compared without case. */
  readonly username?: string | undefined
}

/**
 * Lists the users who are signed in to the authority's cloud, without a request: those of other apps in a shared cache, too.
 *
 * A user is one entry, however many tenants the cache knows: the one of the authority's tenant, where there is one and the
 * tenant's id is known; else the last. Sorted by username, then by home account id.
 *
 * @param client Either kind of client.
 * @param options Which accounts.
 * @returns The accounts; pass one of them to the operations that take an account.
 * @throws {TypeError} when the client is none, or the username is not a text.
 * @throws {AuthError} `missing_dependency` when the cache keeps users apart and cannot list them; what the cache throws.
 */
export async function getAccounts(client: Client, options?: GetAccountsOptions): Promise<Account[]> {
  expectClient(client)
  const username = options?.username
  expect(username === undefined || isText(username), 'username', 'a non-empty string')
  const { authority, cache } = client
  if (!cache.partitions) {
    throw new AuthError(
      'missing_dependency',
      'Cannot list accounts: the cache has no partitions(); pass the account that the web session remembers',
    )
  }
  const host = canonicalHost(authority.host)
  const tenant = (stateOf(client).endpoints?.tenant ?? authority.tenant).toLowerCase()
  const shell = variable(client.env, 'AZUREPS_HOST_ENVIRONMENT')
  const byUser = new Map<string, Account>()
  for (const partition of [...(await cache.partitions())]) {
    const document = await cache.get(partition)
    for (const entity of Object.values(document?.Account ?? {})) {
      const account = readAccount(entity, shell)
      if (!account || canonicalHost(account.environment) !== host) continue
      const { homeAccountId, realm } = account
      if (realm.toLowerCase() !== tenant && byUser.get(homeAccountId)?.realm.toLowerCase() === tenant) continue
      byUser.set(homeAccountId, account)
    }
  }
  const wanted = username?.toLowerCase()
  return [...byUser.values()]
    .map((account) => ({ account, name: account.username.toLowerCase() }))
    .filter(({ name }) => wanted === undefined || name === wanted)
    .sort((a, b) => compare(a.name, b.name) || compare(a.account.homeAccountId, b.account.homeAccountId))
    .map(({ account }) => account)
}

/** By code unit: the same order in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
