import { describe, expect, test } from 'vitest'
import {
  acquireTokenByAuthorizationCode,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  getAccounts,
  removeAccount,
  serializableCache,
  type CacheDocument,
  type CacheEntity,
} from '@latchkey/core'
import { createClient, createService, start, tenantId } from './fixtures/tokenService.js'
import { mergeCaches, netCache, nodeCache, pythonCache, type CachedUser } from './fixtures/userCaches.js'
import { ada, bob, idToken, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const guestTenant = '99999999-8888-7777-6666-555555555555'
const later = start + 3400

/** A client at a later hour, whose cache others wrote. */
function begin(document: CacheDocument, realm = tenantId) {
  const cache = serializableCache(JSON.stringify(document))
  const id_token = idToken({
    oid: ada.uid,
    preferred_username: 'renamed@contoso.com',
    tid: realm,
    iss: `https://login.microsoftonline.com/${realm}/v2.0`,
    exp: later + 3600,
  })
  const service = createService(({ method }) =>
    method === 'POST'
      ? userToken(ada, { access_token: 'AT-new', refresh_token: 'RT-new', id_token, refresh_in: 1800 })
      : undefined,
  )
  const client = createClient(service, {
    cache,
    authority: `https://login.microsoftonline.com/${realm}`,
    now: () => later * 1000,
  })
  const kept = () => JSON.parse(cache.serialize()) as CacheDocument
  return { cache, client, service, kept }
}

/** What differs between two documents: `section key field` of each change, with what is new; a field that is gone, too. */
function changes(before: CacheDocument, after: CacheDocument): Record<string, unknown> {
  const flat = (document: CacheDocument) =>
    new Map(
      Object.entries(document).flatMap(([name, section]) =>
        Object.entries(section!).flatMap(([key, entity]) =>
          Object.entries(entity).map(([field, value]): [string, unknown] => [`${name} ${key} ${field}`, value]),
        ),
      ),
    )
  const [old, now] = [flat(before), flat(after)]
  const names = [...new Set([...old.keys(), ...now.keys()])]
  return Object.fromEntries(
    names.flatMap((name) =>
      JSON.stringify(old.get(name)) === JSON.stringify(now.get(name)) ? [] : [[name, now.get(name)]],
    ),
  )
}
const keyOf = (
  document: CacheDocument,
  section: string,
  which: (entity: CacheEntity) => boolean = () => true,
): string => Object.entries(document[section]!).find(([, entity]) => which(entity))![0]

describe('a silent refresh changes of MSAL Node’s cache', () => {
  test('what is new, under Node’s own keys, and nothing else', async () => {
    const before = nodeCache(ada)
    const { client, kept } = begin(before)
    const [account] = await getAccounts(client)
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ accessToken: 'AT-new' })
    const at = `AccessToken ${keyOf(before, 'AccessToken', ({ token_type: type }) => type === 'Bearer')}`
    expect(changes(before, kept())).toEqual({
      [`${at} secret`]: 'AT-new',
      [`${at} cached_at`]: `${later}`,
      [`${at} expires_on`]: `${later + 3599}`,
      [`${at} extended_expires_on`]: `${later + 3599}`,
      [`${at} refresh_on`]: `${later + 1800}`,
      [`IdToken ${keyOf(before, 'IdToken')} secret`]: expect.stringContaining('.'),
      [`RefreshToken ${keyOf(before, 'RefreshToken')} secret`]: 'RT-new',
      [`RefreshToken ${keyOf(before, 'RefreshToken')} last_modification_time`]: `${later}`,
    })
  })

  test('of a family, too', async () => {
    const before = nodeCache({ ...ada, family: '1' })
    const { client, kept } = begin(before)
    const [account] = await getAccounts(client)
    await acquireTokenSilent(client, { scopes, account, forceRefresh: true })
    const key = keyOf(before, 'RefreshToken')
    expect(key).toContain('-refreshtoken-1-')
    // The server said nothing of the family this time: the token stays in it, the app is known to be in none.
    expect(kept().RefreshToken).toMatchObject({ [key]: { secret: 'RT-new', family_id: '1' } })
    expect(Object.keys(kept().RefreshToken!)).toHaveLength(1)
  })
})

describe.each<[string, (user: CachedUser) => CacheDocument]>([
  ['MSAL Node', nodeCache],
  ['MSAL .NET', (user) => withoutHashes(netCache(user))],
])('a new sign-in at a cache of %s', (_name, write) => {
  test('takes the place of the tokens and keeps what others wrote', async () => {
    const before = write(ada)
    const { client, kept } = begin(before)
    await acquireTokenByAuthorizationCode(client, { code: 'c', scopes })
    const after = kept()
    for (const name of ['AccessToken', 'IdToken'])
      for (const [key, entity] of Object.entries(before[name]!))
        expect(Object.keys(after[name]![key]!)).toEqual(expect.arrayContaining(Object.keys(entity)))
    const renewed = Object.values(after.AccessToken!).filter(({ secret }) => secret === 'AT-new')
    expect(renewed).toHaveLength(1)
    // The account is the same user's: its own key, its own fields, and the name that the user has now.
    const [account] = Object.values(before.Account!)
    expect(after.Account).toEqual({
      [keyOf(before, 'Account')]: {
        ...account,
        environment: 'login.microsoftonline.com',
        username: 'renamed@contoso.com',
        account_source: 'authorization_code',
      },
    })
  })
})

/** Tokens of .NET are for an assertion in the fixture; here they are the user's own. */
function withoutHashes(document: CacheDocument): CacheDocument {
  for (const entity of Object.values(document.AccessToken!)) delete entity['user_assertion_hash']
  return document
}

test('one cache of three libraries is renewed once, and then used by all', async () => {
  const { client, service, kept } = begin(
    mergeCaches(pythonCache(ada), nodeCache(ada), withoutHashes(netCache(ada)), pythonCache(bob)),
  )
  const [account] = await getAccounts(client, { username: ada.username })
  await acquireTokenSilent(client, { scopes, account })
  expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({
    source: 'cache',
    accessToken: 'AT-new',
  })
  expect(service.posts()).toHaveLength(1)
  const bobs = Object.values(kept()).flatMap((section) =>
    Object.values(section!).filter(({ home_account_id: home }) => home === `${bob.uid}.${bob.utid}`),
  )
  expect(bobs).toEqual(
    Object.values(pythonCache(bob)).flatMap((section) =>
      Object.values(section!).filter((entity) => 'home_account_id' in entity),
    ),
  )
})

describe('a user in several tenants', () => {
  const both = (): CacheDocument =>
    mergeCaches(pythonCache(ada), pythonCache({ ...ada, realm: guestTenant, username: 'ada#guest' }))

  test('is one account, the one of the tenant that is asked for', async () => {
    for (const [realm, username] of [
      [tenantId, ada.username],
      [guestTenant, 'ada#guest'],
    ] as const) {
      const { client } = begin(both(), realm)
      expect(await getAccounts(client)).toMatchObject([{ realm, username }])
    }
  })

  test('has a token of each, and a renewed one takes no other’s place', async () => {
    const { client, kept } = begin(both(), guestTenant)
    const [account] = await getAccounts(client)
    await acquireTokenSilent(client, { scopes, account, forceRefresh: true })
    const secrets = Object.values(kept().AccessToken!).map(({ realm, secret }) => [realm, secret])
    expect(secrets).toEqual([
      [tenantId, `AT-${ada.username}`],
      [guestTenant, 'AT-new'],
    ])
    expect(Object.values(kept().IdToken!).map(({ realm }) => realm)).toEqual([tenantId, guestTenant])
  })

  test('leaves all of them at once, and for good', async () => {
    const { client, kept } = begin(both(), guestTenant)
    const [account] = await getAccounts(client)
    await removeAccount(client, { account: account! })
    expect(await getAccounts(client)).toEqual([])
    for (const name of ['AccessToken', 'RefreshToken', 'IdToken', 'Account']) expect(kept()[name]).toEqual({})
  })
})

test('what is kept for assertions stays beside what others wrote for other assertions', async () => {
  const before = netCache(ada) // with a hash of its own
  const { client, kept } = begin(before)
  await acquireTokenOnBehalfOf(client, { userAssertion: 'incoming', scopes })
  const after = kept()
  for (const [key, entity] of Object.entries(before.AccessToken!)) expect(after.AccessToken![key]).toEqual(entity)
  for (const [key, entity] of Object.entries(before.RefreshToken!)) expect(after.RefreshToken![key]).toEqual(entity)
  expect(Object.keys(after.AccessToken!)).toHaveLength(2)
})
