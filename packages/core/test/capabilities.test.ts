import { describe, expect, test } from 'vitest'
import {
  acquireTokenForClient,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  memoryCache,
  serializableCache,
  type Account,
  type CacheDocument,
  type CacheStore,
  type ConfidentialClient,
} from '@latchkey/core'
import { createClient, createService, tenantId } from './fixtures/tokenService.js'
import { ada, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const account: Account = {
  ...{ homeAccountId: `${ada.uid}.${ada.utid}`, environment: 'login.microsoftonline.com', username: '' },
  ...{ realm: tenantId, authorityType: 'MSSTS' },
}
const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const refreshToken = {
  ...{ home_account_id: account.homeAccountId, environment: account.environment, secret: 'RT', target: 'x' },
  ...{ client_id: '11111111-2222-3333-4444-555555555555', credential_type: 'RefreshToken' },
}

/** The operations that look into the cache first, each with the same cache for a client with and one without. */
const operations: [string, (client: ConfidentialClient) => Promise<{ accessToken: string; source: string }>][] = [
  ['a user’s', (client) => acquireTokenSilent(client, { scopes, account })],
  ['an app’s', (client) => acquireTokenForClient(client, { scopes })],
  ['a caller’s', (client) => acquireTokenOnBehalfOf(client, { scopes, userAssertion: 'incoming' })],
]

function begin(cache: CacheStore, secretFor: (isCapable: boolean) => string) {
  const create = (isCapable: boolean, store = cache) =>
    createClient(
      createService(({ method }) =>
        method === 'POST'
          ? userToken(ada, { access_token: secretFor(isCapable), id_token: undefined, scope: 'User.Read' })
          : undefined,
      ),
      { cache: store, clientCapabilities: isCapable ? ['CP1'] : [] },
    )
  return { can: create(true), cannot: create(false), create }
}

describe.each(operations)('%s token', (_name, acquire) => {
  const stores: [string, () => CacheStore][] = [
    ['memoryCache', () => memoryCache()],
    ['serializableCache', () => serializableCache()],
  ]
  describe.each(stores)('in a %s', (_store, createStore) => {
    const start = async () => {
      const cache = createStore()
      await cache.update(account.homeAccountId, (document) => ({
        ...document,
        RefreshToken: { one: { ...refreshToken } },
      }))
      return begin(cache, (isCapable) => (isCapable ? 'opaque, with' : 'opaque, without'))
    }

    test('that a client with CP1 got is not given to one without, though the token does not say so', async () => {
      const { can, cannot } = await start()
      expect(await acquire(can)).toMatchObject({ accessToken: 'opaque, with', source: 'identity_provider' })
      expect(await acquire(can)).toMatchObject({ accessToken: 'opaque, with', source: 'cache' })
      expect(await acquire(cannot)).toMatchObject({ accessToken: 'opaque, without', source: 'identity_provider' })
      expect(await acquire(cannot)).toMatchObject({ accessToken: 'opaque, without', source: 'cache' })
    })

    test('that a client without it got is given to one with', async () => {
      const { can, cannot } = await start()
      await acquire(cannot)
      expect(await acquire(can)).toMatchObject({ accessToken: 'opaque, without', source: 'cache' })
    })
  })

  // The claims begin at any of three places in a group of base64.
  test.each(['', 'a', 'ab'])(
    'that says so is kept from clients without by the next process, too (%j before it)',
    async (before) => {
      const jwt = `e30.${base64url(`{"${before}":1,"xms_cc":["CP1"],"aud":"x"}`)}.sig`
      const first = serializableCache(JSON.stringify({ RefreshToken: { one: refreshToken } }))
      const { can, create } = begin(first, (isCapable) => (isCapable ? jwt : 'opaque, without'))
      expect(await acquire(can)).toMatchObject({ accessToken: jwt })
      const json = first.serialize()
      expect(await acquire(create(true, serializableCache(json)))).toMatchObject({ accessToken: jwt, source: 'cache' })
      expect(await acquire(create(false, serializableCache(json)))).toMatchObject({
        accessToken: 'opaque, without',
        source: 'identity_provider',
      })
      // As the store was written over, not beside it.
      const last = serializableCache(json)
      await acquire(create(false, last))
      expect(Object.keys((JSON.parse(last.serialize()) as CacheDocument).AccessToken!)).toHaveLength(1)
    },
  )

  test('that does not say so is anybody’s in the next process', async () => {
    const jwt = `e30.${base64url('{"aud":"x","xms_c":["CP1"]}')}.sig`
    const first = serializableCache(JSON.stringify({ RefreshToken: { one: refreshToken } }))
    const { can, create } = begin(first, () => jwt)
    await acquire(can)
    expect(await acquire(create(false, serializableCache(first.serialize())))).toMatchObject({ source: 'cache' })
  })
})
