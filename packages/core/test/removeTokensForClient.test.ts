import { describe, expect, test } from 'vitest'
import {
  acquireTokenForClient,
  createPublicClient,
  memoryCache,
  removeTokensForClient,
  serializableCache,
  type CacheDocument,
  type CacheEntity,
  type CacheStore,
} from '@latchkey/core'
import {
  authority,
  clientId,
  createClient,
  createService,
  scopes,
  settle,
  start,
  tenantId,
  token,
} from './fixtures/tokenService.js'

const other = 'eeeeeeee-2222-3333-4444-555555555555'
const otherTenant = 'https://login.microsoftonline.com/bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee'

/** A store that knows partitions and cannot list them. */
function unlisted(): CacheStore {
  const { get, update } = memoryCache()
  return { get, update }
}

test.each<[string, () => CacheStore]>([
  ['memoryCache', () => memoryCache()],
  ['serializableCache', () => serializableCache()],
  ['a store that cannot list its partitions', unlisted],
])('the next call asks anew: %s', async (_, createCache) => {
  const service = createService()
  const client = createClient(service, { cache: createCache() })
  await acquireTokenForClient(client, { scopes })
  await removeTokensForClient(client)
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({
    source: 'identity_provider',
    accessToken: 'AT-2',
  })
  expect(service.posts()).toHaveLength(2)
})

test.each<[string, () => CacheStore]>([
  ['memoryCache', () => memoryCache()],
  ['serializableCache', () => serializableCache()],
])('in all tenants and under all names of the cloud; others keep theirs: %s', async (_, createCache) => {
  const cache = createCache()
  const service = createService()
  const client = (options: object) => createClient(service, { cache, ...options })
  const own = [
    {},
    { authority: otherTenant },
    { authority: `https://login.windows.net/cccccccc-bbbb-cccc-dddd-eeeeeeeeeeee` },
  ].map(client)
  const others = [
    { clientId: other },
    { authority: `https://login.microsoftonline.us/${tenantId}` },
    { authority: `https://login.example.org/${tenantId}`, instanceDiscovery: false },
  ].map(client)
  for (const one of [...own, ...others]) await acquireTokenForClient(one, { scopes })
  await removeTokensForClient(client({}))
  const sources = async (clients: typeof own) => {
    const found = []
    for (const one of clients) found.push((await acquireTokenForClient(one, { scopes })).source)
    return found
  }
  expect(await sources(others)).toEqual(['cache', 'cache', 'cache'])
  expect(await sources(own)).toEqual(['identity_provider', 'identity_provider', 'identity_provider'])
})

describe('in a cache of another MSAL', () => {
  const entity = (fields: CacheEntity): CacheEntity => ({
    credential_type: 'AccessToken',
    secret: 'AT-old',
    home_account_id: null,
    environment: 'login.microsoftonline.com',
    client_id: clientId,
    realm: tenantId,
    target: scopes[0],
    token_type: 'Bearer',
    cached_at: `${start}`,
    expires_on: `${start + 3600}`,
    ...fields,
  })
  const user = { home_account_id: 'uid.utid' }
  const own = {
    [`-login.microsoftonline.com-accesstoken-${clientId}-${tenantId}-${scopes[0]}`]: entity({}),
    [`-login.windows.net-accesstoken-${clientId}-${tenantId}-${scopes[0]}--`]: entity({
      home_account_id: '',
      environment: 'login.windows.net',
    }),
    [`-sts.windows.net-accesstoken-${clientId}-common-a`]: entity({
      home_account_id: undefined,
      environment: 'STS.windows.net',
    }),
    'any key at all': entity({ expires_on: '1', realm: 'another' }),
    'a bound one': entity({ credential_type: 'AccessToken_With_AuthScheme', token_type: 'pop', key_id: 'k' }),
  }
  const foreign = {
    'of a user': entity(user),
    'of another app': entity({ client_id: other }),
    'of another cloud': entity({ environment: 'login.microsoftonline.us' }),
    'of nobody': {},
    'of nothing': null as unknown as CacheEntity,
  }
  const rest = {
    RefreshToken: { 'of a user': { ...user, secret: 'RT', client_id: clientId } },
    Account: { 'a user': user },
    AppMetadata: { [`appmetadata-login.microsoftonline.com-${clientId}`]: { client_id: clientId } },
    Unknown: { x: { y: 1 } },
  }

  test('goes every entity that is the app’s own, under whatever key', async () => {
    const document: CacheDocument = { AccessToken: { ...own, ...foreign }, ...rest }
    const cache = serializableCache(JSON.stringify(document))
    await removeTokensForClient(createClient(createService(), { cache }))
    expect(JSON.parse(cache.serialize())).toEqual({ AccessToken: foreign, ...rest })
  })

  test('nothing is written where there is nothing to remove', async () => {
    const cache = serializableCache(JSON.stringify({ AccessToken: foreign, ...rest }))
    await removeTokensForClient(createClient(createService(), { cache }))
    expect(cache.hasStateChanged).toBe(false)
  })

  test.each<[string, object]>([
    ['an empty section', { Unknown: {} }],
    ['a section that is none', { version: 3 }],
    ['a list', { list: [] }],
  ])('%s that nobody knows stays when the last token goes', async (_, unknown) => {
    const cache = serializableCache(JSON.stringify({ AccessToken: own, ...unknown }))
    await removeTokensForClient(createClient(createService(), { cache }))
    expect(JSON.parse(cache.serialize())).toEqual({ AccessToken: {}, ...unknown })
  })
})

test('a partition with nothing left goes', async () => {
  const cache = memoryCache()
  const client = createClient(createService(), { cache })
  await acquireTokenForClient(client, { scopes })
  const before = [...(await cache.partitions!())]
  await removeTokensForClient(client)
  const after = [...(await cache.partitions!())]
  expect(after).toHaveLength(before.length - 1)
  for (const partition of after) expect(await cache.get(partition)).not.toHaveProperty('AccessToken')
})

test.each<[string, () => CacheStore]>([
  ['memoryCache', () => memoryCache()],
  ['serializableCache', () => serializableCache()],
])('an answer on its way does not bring them back: %s', async (_, createCache) => {
  const answer = Promise.withResolvers<Response>()
  const service = createService((__, index) => (index === 0 ? answer.promise : undefined))
  const client = createClient(service, { cache: createCache() })
  const calling = acquireTokenForClient(client, { scopes })
  await settle()
  await removeTokensForClient(client)
  answer.resolve(token({ access_token: 'AT-late' }))
  expect(await calling).toMatchObject({ accessToken: 'AT-late' })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({
    source: 'identity_provider',
    accessToken: 'AT-2',
  })
  expect(service.posts()).toHaveLength(2)
})

test('a tenant that has to be looked up is looked up where the store cannot list', async () => {
  const service = createService()
  const client = createClient(service, {
    authority: 'https://login.microsoftonline.com/contoso.com',
    cache: unlisted(),
  })
  await removeTokensForClient(client)
  expect(service.urls()).toEqual([
    'GET https://login.microsoftonline.com/contoso.com/v2.0/.well-known/openid-configuration',
  ])
})

test('refuses a public client', async () => {
  const client = createPublicClient({ clientId, authority })
  // @ts-expect-error only confidential clients have tokens of their own
  await expect(removeTokensForClient(client)).rejects.toThrow(/confidential client/)
})
