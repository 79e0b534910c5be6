import type { Account } from '../Account.js'
import { expect, isText } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import { familiesOf } from '../cache/familiesOf.js'
import { removeUser, userKeys } from '../cache/removeUser.js'
import { tokenGroup } from '../cache/tokenGroup.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'

/** What {@link removeAccount} takes. */
export interface RemoveAccountOptions {
  /** Who is signed out, as `getAccounts` or a result gave it. */
  readonly account: Account
}

/**
 * Signs a user out of this cache, in all tenants and under every name of the account's cloud, without a request.
 *
 * Gone are the user's accounts, access and ID tokens, those of other apps in a shared cache, too, and the refresh tokens of this
 * app and of its family; other apps' refresh tokens stay. An answer that is on its way will not bring the account back. Where the
 * cache cannot list its partitions, tokens that it keeps under an incoming assertion stay until they are over.
 *
 * @param client Either kind of client.
 * @param options Who.
 * @returns When it is done.
 * @throws {TypeError} when the client or the account is none.
 * @throws {AuthError} what the cache throws.
 */
export async function removeAccount(client: Client, options: RemoveAccountOptions): Promise<void> {
  expectClient(client)
  const { homeAccountId, environment } = options?.account ?? {}
  expect(isText(homeAccountId) && isText(environment), 'account', 'an account, as getAccounts gives it')
  const { clientId, cache } = client
  await client.broker?.removeAccount(client, options.account)
  stateOf(client).generation++
  const metadata = await cache.get(tokenGroup({ client_id: clientId, environment }))
  const families = familiesOf(metadata, clientId, environment) ?? new Set()
  const user = { homeAccountId, environment, clientId, families }
  const listed = await cache.partitions?.()
  for (const partition of listed ? [...listed] : [homeAccountId]) {
    const document = await cache.get(partition)
    if (document && userKeys(document, user).length > 0) {
      await cache.update(partition, (document) => document && removeUser(document, user))
    }
  }
}
