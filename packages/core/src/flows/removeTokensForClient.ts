import { expect } from '../arguments/expect.js'
import { appTokenKeys, removeAppTokens } from '../cache/removeAppTokens.js'
import { tokenGroup } from '../cache/tokenGroup.js'
import type { ConfidentialClient } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { endpointsOf } from '../authority/endpointsOf.js'

/**
 * Removes the app's own tokens from the cache, under every name of its cloud; users' tokens stay.
 *
 * An answer that is on its way will not bring them back.
 *
 * @param client A client made by {@link createConfidentialClient}.
 * @returns When they are gone.
 * @throws {TypeError} when the client is public.
 * @throws {AuthError} what the cache throws; `invalid_authority` or `network_error` where the cache cannot list its partitions and the
 * tenant has to be looked up.
 */
export async function removeTokensForClient(client: ConfidentialClient): Promise<void> {
  expect(client?.kind === 'confidential', 'the client', 'a confidential client')
  const { clientId, authority, cache } = client
  const { host } = authority
  const state = stateOf(client)
  state.generation++
  const listed = await cache.partitions?.()
  const partitions = listed
    ? [...listed]
    : [tokenGroup({ client_id: clientId, environment: host, realm: (await endpointsOf(client, state)).tenant })]
  for (const partition of partitions) {
    const document = await cache.get(partition)
    if (document && appTokenKeys(document, clientId, host).length > 0) {
      await cache.update(partition, (document) => document && removeAppTokens(document, clientId, host))
    }
  }
}
