import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acquireTokenForClient,
  createPublicClient,
  getAccounts,
  memoryCache,
  removeAccount,
  serializableCache,
  type Account,
  type CacheDocument,
  type CacheEntity,
  type CacheStore,
} from '@latchkey/core'
import { findAccessToken } from '../src/cache/findAccessToken.js'
import { removeUser } from '../src/cache/removeUser.js'
import { tokenGroup } from '../src/cache/tokenGroup.js'
import { msalNodeWith } from './fixtures/msalNodeUsers.js'
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
import { mergeCaches, netCache, nodeCache, pythonCache, type CachedUser } from './fixtures/userCaches.js'

const ada = { uid: 'ada-id', utid: tenantId, username: 'Ada@contoso.example' }
const bob = { uid: 'bob-id', utid: 'fabrikam-id', username: 'bob@fabrikam.example' }
const other = 'eeeeeeee-2222-3333-4444-555555555555'

const createPublic = (cache: CacheStore, id = clientId, host = 'login.microsoftonline.com') =>
  createPublicClient({
    clientId: id,
    authority: `https://${host}/${tenantId}`,
    cache,
    fetch: () => {
      throw new Error('A request')
    },
  })

const accountOf = ({ uid, utid, username, host = 'login.microsoftonline.com' }: CachedUser): Account => ({
  ...{ homeAccountId: `${uid}.${utid}`, environment: host, username, realm: utid, authorityType: 'MSSTS' },
})

/** What is left of a document when a user is gone. */
async function left(document: CacheDocument, user: CachedUser, id = clientId): Promise<CacheDocument> {
  const cache = serializableCache(JSON.stringify(document))
  await removeAccount(createPublic(cache, id), { account: accountOf(user) })
  return JSON.parse(cache.serialize()) as CacheDocument
}

/** The app's metadata stays when a user goes, and the sections that are empty now. */
const emptied = (document: CacheDocument): CacheDocument => ({
  ...{ AccessToken: {}, RefreshToken: {}, IdToken: {}, Account: {} },
  AppMetadata: document['AppMetadata']!,
})

test('what MSAL Python leaves is what we leave', async () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(new URL(`./fixtures/golden/${name}.json`, import.meta.url), 'utf8')) as {
      calls: { method: string }[]
      cache: CacheDocument
    }
  // The recording of the removal begins with the import whose cache is recorded on its own.
  const before = read('refresh_token_import')
  const after = read('remove_account')
  expect(after.calls.map(({ method }) => method).slice(0, 3)).toEqual([
    ...['acquire_token_by_refresh_token', 'get_accounts', 'remove_account'],
  ])
  expect(Object.values(before.cache['RefreshToken']!)).toHaveLength(1)
  const cache = serializableCache(JSON.stringify(before.cache))
  const client = createPublic(cache)
  const [account] = await getAccounts(client)
  await removeAccount(client, { account: account! })
  expect(JSON.parse(cache.serialize())).toEqual(after.cache)
  expect(cache.hasStateChanged).toBe(false)
  expect(await getAccounts(client)).toEqual([])
})

describe.each([
  ['MSAL Python', pythonCache],
  ['MSAL Node', nodeCache],
  ['MSAL .NET', netCache],
])('a cache as %s writes it', (_, write) => {
  test('one user goes, the other keeps everything', async () => {
    expect(await left(mergeCaches(write(ada), write(bob)), ada)).toEqual(write(bob))
    expect(await left(mergeCaches(write(ada), write(bob)), bob)).toEqual(write(ada))
  })

  test('all tenants go', async () => {
    const document = mergeCaches(write(ada), write({ ...ada, realm: 'a-guest-of' }))
    expect(await left(document, ada)).toEqual(emptied(document))
  })

  test('another cloud stays', async () => {
    const elsewhere = write({ ...ada, host: 'login.microsoftonline.us' })
    const document = mergeCaches(write(ada), elsewhere)
    expect(await left(document, ada)).toEqual(mergeCaches(emptied(write(ada)), elsewhere))
  })

  test('of another app only the refresh token stays', async () => {
    const theirs = write({ ...ada, client: other })
    const document = mergeCaches(write(ada), theirs)
    const { RefreshToken } = theirs
    expect(await left(document, ada)).toEqual({ ...emptied(document), RefreshToken })
    expect(await left(theirs, ada)).toEqual({ ...emptied(theirs), RefreshToken })
  })

  test('of an app of the same family nothing stays', async () => {
    const document = mergeCaches(write({ ...ada, client: other, family: '1' }), {
      AppMetadata: write({ ...bob, family: '1' })['AppMetadata']!,
    })
    expect(await left(document, ada)).toEqual(emptied(document))
  })

  test('an app that is in no family, or in another, leaves those of a family', async () => {
    const theirs = write({ ...ada, client: other, family: '1' })
    for (const family of [undefined, '2']) {
      const own = write({ ...bob, ...(family !== undefined && { family }) })['AppMetadata']!
      const document = mergeCaches(theirs, { AppMetadata: own })
      expect((await left(document, ada))['RefreshToken']).toEqual(theirs['RefreshToken'])
    }
    const elsewhere = write({ ...bob, family: '1', host: 'login.microsoftonline.us' })['AppMetadata']!
    const document = mergeCaches(theirs, { AppMetadata: elsewhere })
    expect((await left(document, ada))['RefreshToken']).toEqual(theirs['RefreshToken'])
  })
})

test('one cache of three libraries is emptied of a user under all names of the cloud', async () => {
  const document = mergeCaches(pythonCache(ada), nodeCache(ada), netCache(ada))
  for (const host of ['login.microsoftonline.com', 'login.windows.net', 'STS.windows.net']) {
    expect(await left(document, { ...ada, host })).toEqual(emptied(document))
  }
})

test('what we remove is gone for MSAL Node, and the other user is not asked again', async () => {
  const app = await msalNodeWith(ada, bob)
  const cache = serializableCache(app.getTokenCache().serialize())
  await removeAccount(createPublic(cache), { account: accountOf(ada) })
  const again = await msalNodeWith()
  again.getTokenCache().deserialize(cache.serialize())
  const accounts = await again.getAllAccounts()
  expect(accounts.map(({ username }) => username)).toEqual([bob.username])
  expect(cache.serialize()).not.toMatch(ada.uid)
  const result = await again.acquireTokenSilent({ account: accounts[0]!, scopes: ['User.Read'] })
  expect(result).toMatchObject({ accessToken: `AT-${bob.uid}`, fromCache: true })
})

describe('what is not the user’s stays', () => {
  const entity = (fields: CacheEntity = {}): CacheEntity => ({
    ...{ home_account_id: 'uid.utid', environment: 'login.microsoftonline.com', client_id: clientId, secret: 's' },
    ...fields,
  })
  const user = { uid: 'uid', utid: 'utid', username: '' }
  const own = { 'any key at all': entity(), 'another key': entity({ environment: 'Login.Windows.Net' }) }
  const foreign = {
    null: null as unknown as CacheEntity,
    text: 'uid.utid' as unknown as CacheEntity,
    list: [entity()] as unknown as CacheEntity,
    nobody: entity({ home_account_id: null }),
    'an id in a list': entity({ home_account_id: ['uid.utid'] }),
    'an id in another case': entity({ home_account_id: 'UID.utid' }),
    'a longer id': entity({ home_account_id: 'uid.utid2' }),
    'no environment': entity({ environment: undefined }),
    'an environment in a list': entity({ environment: ['login.microsoftonline.com'] }),
  }
  const sections = ['AccessToken', 'RefreshToken', 'IdToken', 'Account']

  test.each(sections)('in %s', async (name) => {
    const document = { [name]: { ...own, ...foreign } }
    expect(await left(document, user)).toEqual(JSON.parse(JSON.stringify({ [name]: foreign })))
  })

  test('in sections that nobody knows, and in the app’s metadata', async () => {
    const rest = { Unknown: own, AppMetadata: { 'appmetadata-x': entity() }, version: 3 } as unknown as CacheDocument
    expect(await left({ Account: own, ...rest }, user)).toEqual({ Account: {}, ...rest })
  })

  test.each([
    [{ Unknown: {} }, { Account: {}, Unknown: {} }],
    [{ version: 3 }, { Account: {}, version: 3 }],
    [{ AppMetadata: {} }, {}],
  ])('beside the last account: %j', async (rest, expected) => {
    expect(await left({ Account: own, ...rest } as CacheDocument, user)).toEqual(expected)
  })

  test('metadata of wrong types is no family', async () => {
    const RefreshToken = {
      rt: entity({ client_id: other, family_id: '1' }),
      odd: entity({ client_id: other, family_id: null }),
    }
    const metadata = [null, [], entity({ family_id: 1 }), entity({ family_id: null }), entity({ family_id: ['1'] })]
    const AppMetadata = Object.fromEntries(metadata.map((app, index) => [`k${index}`, app]))
    const document = JSON.parse(JSON.stringify({ RefreshToken, AppMetadata, Account: own })) as CacheDocument
    expect(await left(document, user)).toEqual({ ...document, Account: {} })
  })

  test('names that mean something to JavaScript mean nothing here', async () => {
    const mine = JSON.stringify(entity({ home_account_id: '__proto__' }))
    const foreign = JSON.stringify(entity({ home_account_id: 'constructor' }))
    const section = `{"__proto__":${mine},"constructor":${foreign},"x":{"__proto__":${mine}}}`
    const all = sections.map((name) => `"${name}":${section}`).join()
    const cache = serializableCache(`{${all},"__proto__":${section}}`)
    const account = { ...accountOf(user), homeAccountId: '__proto__' }
    await removeAccount(createPublic(cache), { account })
    const kept = `{"constructor":${foreign},"x":{"__proto__":${mine}}}`
    const expected = `{${sections.map((name) => `"${name}":${kept}`).join()},"__proto__":${section}}`
    expect(JSON.stringify(JSON.parse(cache.serialize()))).toBe(JSON.stringify(JSON.parse(expected)))
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('which an unreadable token of the user does not', async () => {
    const unreadable = entity({ target: 'a', expires_on: '1', token_type: { toString: 1 } })
    const AccessToken = { one: unreadable, two: entity({ target: 'a', expires_on: { toString: 1 } }), ...own }
    expect(await left({ AccessToken, Unknown: {} }, user)).toEqual({ AccessToken: {}, Unknown: {} })
  })

  test('and where there is nothing to remove, nothing is written', async () => {
    const cache = serializableCache(JSON.stringify(pythonCache(bob)))
    await removeAccount(createPublic(cache), { account: accountOf(ada) })
    expect(cache.hasStateChanged).toBe(false)
  })
})

describe('property', () => {
  const clouds = [
    ['login.microsoftonline.com', 'login.windows.net', 'sts.windows.net'],
    ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    ['login.example.org'],
  ]
  const cloudOf = (host: unknown): number => clouds.findIndex((hosts) => hosts.includes(String(host)))
  const ids = ['uid.utid', 'uid.utid2', 'UID.utid', '__proto__']
  const host = fc.constantFrom(...clouds.flat())
  const entity = fc.record({
    home_account_id: fc.constantFrom(...ids, null),
    environment: host,
    client_id: fc.constantFrom(clientId, other),
    realm: fc.constantFrom(tenantId, 'other'),
    family_id: fc.constantFrom('1', '2', null),
    ...{ authority_type: fc.constant('MSSTS'), username: fc.constant('name'), token_type: fc.constant('Bearer') },
    ...{ target: fc.constantFrom('a', 'a b'), expires_on: fc.constant(`${start + 3600}`), secret: fc.string() },
  })
  const section = fc
    .array(fc.tuple(fc.oneof(fc.string(), fc.constant('__proto__')), entity), { maxLength: 8 })
    .map((entries) => Object.fromEntries(entries))
  const names = ['AccessToken', 'RefreshToken', 'IdToken', 'Account']
  const document = fc.record({
    ...{ AccessToken: section, RefreshToken: section, IdToken: section, Account: section },
    AppMetadata: fc
      .array(entity, { maxLength: 3 })
      .map((apps) => Object.fromEntries(apps.map((app, index) => [`k${index}`, app]))),
    Unknown: section,
  })

  test('signing a user out takes that user’s, and never touches another’s', async () => {
    await fc.assert(
      fc.asyncProperty(document, fc.constantFrom(...ids), host, async (document, homeAccountId, environment) => {
        const json = JSON.stringify(document)
        const families = Object.values(document.AppMetadata)
          .filter((app) => app.client_id === clientId && cloudOf(app.environment) === cloudOf(environment))
          .map((app) => app.family_id)
        const expected = JSON.parse(json) as typeof document
        for (const name of names) {
          const section = expected[name as 'Account']
          for (const [key, one] of Object.entries(section)) {
            const usable = one.client_id === clientId || (one.family_id !== null && families.includes(one.family_id))
            const mine = one.home_account_id === homeAccountId && cloudOf(one.environment) === cloudOf(environment)
            if (mine && (usable || name !== 'RefreshToken')) delete section[key]
          }
        }
        const cache = serializableCache(json)
        const account = { ...accountOf(ada), homeAccountId, environment }
        await removeAccount(createPublic(cache), { account })
        expect(JSON.stringify(JSON.parse(cache.serialize()))).toBe(JSON.stringify(expected))
        expect(await getAccounts(createPublic(cache, clientId, environment))).not.toContainEqual(
          expect.objectContaining({ homeAccountId }),
        )
      }),
      { numRuns: 1000 },
    )
  })
})

describe('stores that keep users apart', () => {
  /** Two users signed in, one also on behalf of an assertion, and the app itself, which the server put into a family. */
  async function partitioned() {
    const cache = memoryCache()
    const service = createService(({ method }) => (method === 'POST' ? token({ foci: '1' }) : undefined))
    const client = createClient(service, { cache })
    await acquireTokenForClient(client, { scopes })
    const apps = [...(await cache.partitions!())]
    const ofFamily = { client: other, family: '1' }
    const write = async (partition: string, document: CacheDocument) => {
      delete document.AppMetadata
      await cache.update(partition, () => document)
    }
    await write(accountOf(ada).homeAccountId, mergeCaches(pythonCache(ada), pythonCache({ ...ada, ...ofFamily })))
    await write(accountOf(bob).homeAccountId, pythonCache({ ...bob, ...ofFamily }))
    await write('an assertion', { AccessToken: pythonCache(ada)['AccessToken']! })
    return { cache, client, apps }
  }

  test('lose the user’s partitions, and no other', async () => {
    const { cache, client, apps } = await partitioned()
    await removeAccount(client, { account: accountOf(ada) })
    expect([...(await cache.partitions!())].sort()).toEqual([...apps, accountOf(bob).homeAccountId].sort())
    expect(await getAccounts(client)).toMatchObject([{ username: bob.username }])
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'cache' })
  })

  test('lose them without listing, by the account alone', async () => {
    const { cache, client } = await partitioned()
    const { get, update } = cache
    const unlisted: CacheStore = {
      get: async (partition) => get(partition),
      update: async (partition, next) => update(partition, next),
    }
    await removeAccount(createClient(createService(), { cache: unlisted }), { account: accountOf(ada) })
    expect(await cache.get(accountOf(ada).homeAccountId)).toBeUndefined()
    expect(await getAccounts(client)).toMatchObject([{ username: bob.username }])
  })
})

test('what was found once is not found again', () => {
  const document = mergeCaches(pythonCache(ada), pythonCache(bob))
  const client = createPublicClient({ clientId, now: () => start * 1000 })
  const find = (user: CachedUser) => {
    const [token] = Object.values(pythonCache(user).AccessToken!)
    return findAccessToken(document, tokenGroup(token!), ['User.Read'], client).reason
  }
  expect([find(ada), find(bob)]).toEqual([0, 0])
  removeUser(document, { ...accountOf(ada), clientId, families: new Set() })
  expect([find(ada), find(bob)]).toEqual([2, 0])
})

test('an answer on its way is not kept', async () => {
  const answer = Promise.withResolvers<Response>()
  const service = createService(({ method }, index) => (method === 'POST' && index === 0 ? answer.promise : undefined))
  const client = createClient(service)
  const calling = acquireTokenForClient(client, { scopes })
  await settle()
  await removeAccount(client, { account: accountOf(ada) })
  answer.resolve(token({ access_token: 'AT-late' }))
  expect(await calling).toMatchObject({ accessToken: 'AT-late' })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
})

test('a confidential client signs users out, too, without a request', async () => {
  const cache = serializableCache(JSON.stringify(pythonCache(ada)))
  const service = createService()
  await removeAccount(createClient(service, { cache, authority }), { account: accountOf(ada) })
  expect(JSON.parse(cache.serialize())).toEqual(emptied(pythonCache(ada)))
  expect(service.requests).toEqual([])
})

describe('arguments', () => {
  test.each([undefined, null, {}, { kind: 'other' }])('the client %j', async (client) => {
    // @ts-expect-error not a client
    await expect(removeAccount(client, { account: accountOf(ada) })).rejects.toThrow(
      new TypeError('Cannot use the client: expected a public or confidential client'),
    )
  })

  test.each([
    undefined,
    null,
    {},
    { account: null },
    { account: accountOf(ada).homeAccountId },
    { account: { ...accountOf(ada), homeAccountId: '' } },
    { account: { ...accountOf(ada), homeAccountId: null } },
    { account: { ...accountOf(ada), environment: undefined } },
    { account: { ...accountOf(ada), environment: ['login.microsoftonline.com'] } },
  ])('the options %j', async (options) => {
    const cache = serializableCache(JSON.stringify(pythonCache(ada)))
    // @ts-expect-error not an account
    await expect(removeAccount(createPublic(cache), options)).rejects.toThrow(
      new TypeError('Cannot use account: expected an account, as getAccounts gives it'),
    )
    expect(cache.hasStateChanged).toBe(false)
  })
})
