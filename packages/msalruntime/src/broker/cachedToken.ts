import type { Account, Client } from '@latchkey/core'
import { findAccessToken, tokenGroup, type Endpoints } from '@latchkey/core/internal'

/**
 * Finds the token that a broker is not to give again.
 *
 * @param client The client.
 * @param endpoints The authority's, its tenant among them.
 * @param account Whose token.
 * @param scopes What for.
 * @returns The access token; `undefined` where the cache has none.
 */
export async function cachedToken(
  client: Client,
  { tenant }: Endpoints,
  { homeAccountId, environment }: Account,
  scopes: readonly string[],
): Promise<string | undefined> {
  const owner = { home_account_id: homeAccountId, environment, client_id: client.clientId, realm: tenant }
  return findAccessToken(await client.cache.get(homeAccountId), tokenGroup(owner), scopes, client).token?.secret
}
