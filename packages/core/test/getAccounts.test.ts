import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acquireTokenForClient,
  createPublicClient,
  getAccounts,
  memoryCache,
  serializableCache,
  type Account,
  type CacheDocument,
  type CacheEntity,
  type CacheStore,
  type PublicClientOptions,
} from '@latchkey/core'
import { msalNodeWith } from './fixtures/msalNodeUsers.js'
import {
  authority,
  clientId,
  createClient,
  createService,
  rejection,
  scopes,
  tenantId,
} from './fixtures/tokenService.js'
import { mergeCaches, netCache, nodeCache, pythonCache } from './fixtures/userCaches.js'

const ada = { uid: 'ada-id', utid: tenantId, username: 'Ada@contoso.example' }
const bob = { uid: 'bob-id', utid: 'fabrikam-id', username: 'bob@fabrikam.example' }

const noFetch = (): never => {
  throw new Error('A request')
}

function createPublic(cache: CacheStore, options: PublicClientOptions | object = {}) {
  return createPublicClient({ clientId, authority, cache, fetch: noFetch, ...options })
}

const list = (document: CacheDocument, options: object = {}, which: object = {}): Promise<Account[]> =>
  getAccounts(createPublic(serializableCache(JSON.stringify(document)), options), which)

const account = (fields: CacheEntity = {}): CacheEntity => ({
  home_account_id: 'uid.utid',
  environment: 'login.microsoftonline.com',
  realm: tenantId,
  local_account_id: 'uid',
  username: 'someone@contoso.example',
  authority_type: 'MSSTS',
  ...fields,
})

const names = (accounts: readonly Account[]): string[] => accounts.map(({ username }) => username)

describe('caches that MSAL Python wrote', () => {
  interface RecordedAccount {
    home_account_id: string
    environment: string
    username: string
    local_account_id: string
    realm: string
    authority_type: string
    account_source: string | null
  }
  interface Recording {
    cache: CacheDocument
    results: unknown[]
    account?: RecordedAccount
  }
  const read = (name: string): Recording =>
    JSON.parse(readFileSync(new URL(`./fixtures/golden/${name}.json`, import.meta.url), 'utf8')) as Recording
  const ours = (theirs: RecordedAccount): Account => ({
    homeAccountId: theirs.home_account_id,
    environment: theirs.environment,
    username: theirs.username,
    localAccountId: theirs.local_account_id,
    realm: theirs.realm,
    authorityType: theirs.authority_type,
    accountSource: theirs.account_source ?? undefined,
  })

  test('two_accounts: the same accounts, and the same one by its name in another case', async () => {
    const { cache, results } = read('two_accounts')
    const [all, one] = results as [RecordedAccount[], RecordedAccount[]]
    expect(all).toHaveLength(2)
    expect(await list(cache)).toEqual(all.map(ours))
    expect(one).toHaveLength(1)
    expect(await list(cache, {}, { username: 'ADA@contoso.com' })).toEqual(one.map(ours))
  })

  test('silent_hit and refresh_token_import: the account', async () => {
    const { cache, account: recorded } = read('silent_hit')
    expect(await list(cache)).toEqual([ours(recorded!)])
    expect(await list(read('refresh_token_import').cache)).toEqual([ours(recorded!)])
  })

  test('remove_account: none', async () => {
    expect(await list(read('remove_account').cache)).toEqual([])
  })
})

describe.each([
  ['MSAL Python', pythonCache],
  ['MSAL Node', nodeCache],
  ['MSAL .NET', netCache],
])('a cache as %s writes it', (name, write) => {
  test.each([
    ['login.microsoftonline.com', 'login.windows.net'],
    ['login.chinacloudapi.cn', 'login.chinacloudapi.cn'],
    ['login.example.org', 'login.example.org'],
  ])('at %s', async (host, preferred) => {
    const document = mergeCaches(write({ ...bob, host }), write({ ...ada, host }))
    const isPython = name === 'MSAL Python'
    const expected = (user: typeof ada) => ({
      homeAccountId: `${user.uid}.${user.utid}`,
      environment: isPython ? host : preferred,
      username: user.username,
      localAccountId: user.uid,
      realm: user.utid,
      authorityType: 'MSSTS',
      accountSource: isPython ? 'authorization_code' : undefined,
    })
    const options = { authority: `https://${host}/${tenantId}` }
    expect(await list(document, options)).toEqual([expected(ada), expected(bob)])
    expect(await list(document, options, { username: 'BOB@fabrikam.EXAMPLE' })).toEqual([expected(bob)])
  })
})

test('what MSAL Node itself wrote is what it lists', async () => {
  const app = await msalNodeWith(bob, ada)
  const theirs = await app.getAllAccounts()
  expect(theirs).toHaveLength(2)
  const ours = await getAccounts(createPublic(serializableCache(app.getTokenCache().serialize())))
  expect(
    ours.map(({ homeAccountId, environment, username, localAccountId }) => [
      homeAccountId,
      environment,
      username,
      localAccountId,
    ]),
  ).toEqual(
    theirs
      .toReversed()
      .map(({ homeAccountId, environment, username, localAccountId }) => [
        homeAccountId,
        environment,
        username,
        localAccountId,
      ]),
  )
})

test('a confidential client lists them, too', async () => {
  const cache = serializableCache(JSON.stringify(pythonCache(ada)))
  const service = createService()
  expect(names(await getAccounts(createClient(service, { cache })))).toEqual([ada.username])
  expect(service.requests).toEqual([])
  expect(cache.hasStateChanged).toBe(false)
})

describe('whose accounts', () => {
  const users = (environments: string[]) => ({
    Account: Object.fromEntries(
      environments.map((environment) => [
        environment,
        account({ home_account_id: environment, environment, username: environment }),
      ]),
    ),
  })
  const hosts = [
    ...['login.microsoft.com', 'login.microsoftonline.com', 'login.windows.net', 'sts.windows.net'],
    ...['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    ...['login.microsoftonline.us', 'login.usgovcloudapi.net', 'login.example.org', 'contoso.b2clogin.com'],
  ]

  test.each([
    ['login.microsoftonline.com', hosts.slice(0, 4)],
    ['sts.windows.net', hosts.slice(0, 4)],
    ['login.partner.microsoftonline.cn', hosts.slice(4, 6)],
    ['login.microsoftonline.us', hosts.slice(6, 8)],
    ['login.example.org', hosts.slice(8, 9)],
  ])('those of the cloud of %s', async (host, expected) => {
    const accounts = await list(users(hosts), { authority: `https://${host}/${tenantId}` })
    expect(names(accounts)).toEqual(expected)
  })

  test('a host is compared without case', async () => {
    expect(await list({ Account: { x: account({ environment: 'Login.Windows.Net' }) } })).toHaveLength(1)
  })

  test.each([
    ['MSSTS', 1],
    ['ADFS', 1],
    ['Generic', 1],
    ['CLOUDSHELL', 0],
    ['mssts', 0],
    ['', 0],
    [null, 0],
    [undefined, 0],
    [['MSSTS'], 0],
  ])('authority type %s: %d', async (authority_type, count) => {
    expect(await list({ Account: { x: account({ authority_type }) } })).toHaveLength(count)
  })

  test('the user of Azure Cloud Shell, while in it', async () => {
    const document = { Account: { x: account({ authority_type: 'CLOUDSHELL' }) } }
    for (const [shell, count] of [
      ['cloud-shell/1.0', 1],
      ['visual-studio', 0],
      ['', 0],
    ] as const)
      expect(await list(document, { env: { AZUREPS_HOST_ENVIRONMENT: shell } })).toHaveLength(count)
  })

  test('a username fits whole, without case, or not at all', async () => {
    const document = mergeCaches(pythonCache(ada), pythonCache(bob))
    expect(await list(document, {}, { username: 'ada@contoso.exampl' })).toEqual([])
    expect(await list(document, {}, { username: 'nobody@contoso.example' })).toEqual([])
    expect(await list(document, {}, { username: undefined })).toHaveLength(2)
  })
})

describe('a user is one entry', () => {
  const home = account({ realm: 'home-id', local_account_id: 'at-home' })
  const guest = account({ realm: tenantId.toUpperCase(), local_account_id: 'as-guest' })
  const other = account({ realm: 'other-id', local_account_id: 'elsewhere' })
  const localIds = async (entities: CacheEntity[], options: object = {}) => {
    const accounts = await list(
      { Account: Object.fromEntries(entities.map((entity, index) => [`k${index}`, entity])) },
      options,
    )
    return accounts.map(({ localAccountId }) => localAccountId)
  }

  test('the one of the authority’s tenant, wherever it is', async () => {
    expect(await localIds([guest, home, other])).toEqual(['as-guest'])
    expect(await localIds([home, guest, other])).toEqual(['as-guest'])
    expect(await localIds([home, other, guest])).toEqual(['as-guest'])
  })

  test('the last of several', async () => {
    const common = { authority: 'https://login.microsoftonline.com/common' }
    expect(await localIds([guest, home, other], common)).toEqual(['elsewhere'])
    expect(await localIds([other, guest, home], common)).toEqual(['at-home'])
    const newer = account({ realm: tenantId, local_account_id: 'newer' })
    expect(await localIds([guest, newer])).toEqual(['newer'])
    expect(await localIds([newer, guest])).toEqual(['as-guest'])
  })

  test('the one of a tenant that was given by its domain, once its id is known', async () => {
    const cache = serializableCache(JSON.stringify({ Account: { guest, home } }))
    const endpoint = `${authority}/oauth2/v2.0/token`
    const service = createService(({ method }) =>
      method === 'GET' ? Response.json({ issuer: `${authority}/v2.0`, token_endpoint: endpoint }) : undefined,
    )
    const client = createClient(service, { cache, authority: 'https://login.microsoftonline.com/contoso.example' })
    expect(await getAccounts(client)).toMatchObject([{ localAccountId: 'at-home' }])
    expect(service.requests).toEqual([])
    await acquireTokenForClient(client, { scopes })
    expect(await getAccounts(client)).toMatchObject([{ localAccountId: 'as-guest' }])
  })

  test('under several names of the cloud', async () => {
    const both = mergeCaches(nodeCache(ada), pythonCache(ada))
    expect(Object.keys(both['Account']!)).toHaveLength(2)
    expect(await list(both)).toHaveLength(1)
  })

  test('users whose ids differ in case only are two', async () => {
    const accounts = { a: account({ home_account_id: 'Sub' }), b: account({ home_account_id: 'sub' }) }
    expect(await list({ Account: accounts })).toHaveLength(2)
  })
})

test('the order in which users signed in does not matter', async () => {
  const users = fc.uniqueArray(
    fc.record({ id: fc.string({ minLength: 1 }), username: fc.constantFrom('', 'ä@x', 'B@x', 'b@x', 'a@x', 'Z@x') }),
    { selector: ({ id }) => id, maxLength: 12 },
  )
  const write = (accounts: { id: string; username: string }[]) => ({
    Account: Object.fromEntries(
      accounts.map(({ id, username }, index) => [`k${index}`, account({ home_account_id: `id-${id}`, username })]),
    ),
  })
  await fc.assert(
    fc.asyncProperty(users, fc.infiniteStream(fc.nat()), async (users, random) => {
      const shuffled = users
        .map((user) => ({ user, at: random.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ user }) => user)
      const accounts = await list(write(users))
      expect(accounts).toHaveLength(users.length)
      expect(await list(write(shuffled))).toEqual(accounts)
    }),
    { numRuns: 200 },
  )
  const [a, B, b] = ['a@x', 'B@x', 'b@x'].map((username) => ({ id: username, username }))
  const twin = { id: 'a twin', username: 'a@x' }
  expect((await list(write([b!, B!, a!, twin]))).map(({ homeAccountId }) => homeAccountId)).toEqual([
    ...['id-a twin', 'id-a@x', 'id-B@x', 'id-b@x'],
  ])
})

describe('what is no account is passed over, and stays in the file', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'account'],
    ['a number', 5],
    ['a list', [account()]],
    ['nothing in it', {}],
    ['no id', account({ home_account_id: undefined })],
    ['an empty id', account({ home_account_id: '' })],
    ['a number as id', account({ home_account_id: 5 })],
    ['an object as environment', account({ environment: {} })],
    ['a number as username', account({ username: 5 })],
    ['a list as realm', account({ realm: [tenantId] })],
    ['an object as local id', account({ local_account_id: {} })],
    ['a number as source', account({ account_source: 1 })],
  ])('%s', async (_, entity) => {
    const json = JSON.stringify({ Account: { bad: entity, good: account({ username: 'good' }) } })
    const cache = serializableCache(json)
    expect(names(await getAccounts(createPublic(cache)))).toEqual(['good'])
    expect(JSON.parse(cache.serialize())).toEqual(JSON.parse(json))
  })

  test('null where nothing is known is no reason', async () => {
    const unknown = { username: null, realm: null, local_account_id: null, account_source: null }
    const [found] = await list({ Account: { x: account(unknown) } })
    expect(found).toMatchObject({ homeAccountId: 'uid.utid', username: '', realm: '' })
    expect(found?.localAccountId).toBeUndefined()
    expect(found?.accountSource).toBeUndefined()
  })

  test('names that mean something to JavaScript mean nothing here', async () => {
    const id = (name: string) => account({ home_account_id: name, username: name })
    const entries = ['__proto__', 'constructor', 'toString'].map(
      (name) => `${JSON.stringify(name)}:${JSON.stringify(id(name))}`,
    )
    const inherited = `"x":{"__proto__":${JSON.stringify(id('inherited'))}}`
    const cache = serializableCache(`{"__proto__":{"a":{}},"Account":{${[...entries, inherited].join()}}}`)
    expect(names(await getAccounts(createPublic(cache)))).toEqual(['__proto__', 'constructor', 'toString'])
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('stores', () => {
  const partitioned = async () => {
    const cache = memoryCache()
    for (const user of [bob, ada]) await cache.update(`${user.uid}.${user.utid}`, () => pythonCache(user))
    await cache.update('an app', () => ({ AccessToken: {} }))
    return cache
  }

  test('that keep users apart are walked through', async () => {
    expect(names(await getAccounts(createPublic(await partitioned())))).toEqual([ada.username, bob.username])
  })

  test('that answer later are waited for', async () => {
    const { get, update, partitions } = await partitioned()
    const cache: CacheStore = {
      get: async (partition) => get(partition),
      update,
      partitions: async () => partitions!(),
    }
    expect(names(await getAccounts(createPublic(cache)))).toEqual([ada.username, bob.username])
  })

  test('that cannot list are a typed error that says what to do', async () => {
    const { get, update } = await partitioned()
    const error = await rejection(getAccounts(createPublic({ get, update })))
    expect(error).toMatchObject({ name: 'AuthError', code: 'missing_dependency' })
    expect(String(error)).toMatch(/pass the account that the web session remembers/)
  })

  test('are read in one pass, and nothing but accounts is read', async () => {
    const reads = async (count: number): Promise<number> => {
      let reads = 0
      const counted = (entity: CacheEntity): CacheEntity =>
        new Proxy(entity, { get: (target, name) => (reads++, Reflect.get(target, name)) as unknown })
      const users = Array.from({ length: count }, (_, index) => {
        const id = `${(index * 7919) % count}`
        return [id, counted(account({ home_account_id: id, username: id }))]
      })
      const Account = Object.fromEntries(users) as Record<string, CacheEntity>
      const unread = (): never => {
        throw new Error('Read')
      }
      const tokens = new Proxy({}, { get: unread, ownKeys: unread })
      const document = { Account, AccessToken: tokens, RefreshToken: tokens, IdToken: tokens }
      const cache: CacheStore = { get: () => document, update: () => {}, partitions: () => [''] }
      expect(await getAccounts(createPublic(cache))).toHaveLength(count)
      return reads
    }
    expect(await reads(10_000)).toBe(10 * (await reads(1000)))
  })
})

describe('arguments', () => {
  test.each([undefined, null, {}, { kind: 'other' }])('the client %j', async (client) => {
    // @ts-expect-error not a client
    await expect(getAccounts(client)).rejects.toThrow(
      new TypeError('Cannot use the client: expected a public or confidential client'),
    )
  })

  test.each(['', ' ', 5, null, {}])('the username %j', async (username) => {
    // @ts-expect-error not a username
    await expect(getAccounts(createPublic(memoryCache()), { username })).rejects.toThrow(
      new TypeError('Cannot use username: expected a non-empty string'),
    )
  })
})
