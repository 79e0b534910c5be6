import { describe, expect, test } from 'vitest'
import {
  acquireTokenSilent,
  createPublicClient,
  getAccounts,
  needsInteraction,
  removeAccount,
  serializableCache,
  type Account,
  type AuthError,
  type CacheDocument,
  type PublicClientOptions,
} from '@latchkey/core'
import {
  authority,
  createClock,
  createService,
  rejection,
  start,
  tenantId,
  type Asked,
} from './fixtures/tokenService.js'
import { mergeCaches, netCache, nodeCache, pythonCache, type CachedUser } from './fixtures/userCaches.js'
import { ada, bob, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const user: CachedUser = { ...ada }
const account: Account = {
  homeAccountId: `${ada.uid}.${ada.utid}`,
  environment: 'login.microsoftonline.com',
  username: ada.username,
  realm: ada.utid,
  authorityType: 'MSSTS',
}
const clientId = '11111111-2222-3333-4444-555555555555'

/** A client whose cache another library wrote. */
function begin(
  document: CacheDocument,
  answer: (asked: Asked) => Response | Promise<Response> = () => userToken(),
  options: Partial<PublicClientOptions> = {},
) {
  const clock = createClock()
  const service = createService((asked) => (asked.method === 'POST' ? answer(asked) : undefined))
  const cache = serializableCache(JSON.stringify(document))
  const all = { clientId, authority, cache, fetch: service.fetch, now: clock.now, maxRetries: 0, ...options }
  const client = createPublicClient(all)
  const silent = (more: object = {}) => acquireTokenSilent(client, { scopes, account, ...more })
  const redeemed = () => service.posts().map(({ form }) => form['refresh_token'])
  const kept = () => JSON.parse(cache.serialize()) as CacheDocument
  return { client, cache, clock, service, silent, redeemed, kept, options: all }
}
const errorOf = async (call: Promise<unknown>): Promise<AuthError> => (await rejection(call)) as AuthError

/** What MSAL .NET writes for a user who signed in: the assertion's hash is for an API's callers only. */
function netUserCache(user: CachedUser): CacheDocument {
  const document = netCache(user)
  for (const entity of Object.values(document.AccessToken!)) delete entity['user_assertion_hash']
  return document
}

describe.each([
  ['MSAL Python', pythonCache],
  ['MSAL Node', nodeCache],
  ['MSAL .NET', netUserCache],
])('a cache of %s', (_name, write) => {
  test('is used as it is', async () => {
    const { silent, service, client } = begin(write(user))
    const [found] = await getAccounts(client)
    expect(await silent({ account: found })).toMatchObject({ accessToken: `AT-${ada.username}`, source: 'cache' })
    expect(service.requests).toEqual([])
  })

  test('is renewed in place: nothing is twice, no field is lost', async () => {
    const { silent, clock, kept } = begin(write(user), () => userToken(ada, { refresh_token: 'RT-new' }))
    const before = kept()
    clock.seconds += 3400
    expect(await silent()).toMatchObject({ accessToken: `AT-${ada.uid}`, source: 'identity_provider' })
    const after = kept()
    for (const [name, section] of Object.entries(before) as [string, Record<string, object>][]) {
      expect(Object.keys(after[name]!), name).toEqual(expect.arrayContaining(Object.keys(section)))
      expect(Object.keys(after[name]!), name).toHaveLength(Object.keys(section).length)
      for (const [key, entity] of Object.entries(section))
        expect(Object.keys(after[name]![key]!), name).toEqual(expect.arrayContaining(Object.keys(entity)))
    }
    expect(Object.values(after.RefreshToken!).map(({ secret }) => secret)).toEqual(['RT-new'])
  })

  test('is asked with its refresh token when the access token is over', async () => {
    const { silent, clock, redeemed } = begin(write(user))
    clock.seconds += 3400
    await silent()
    expect(redeemed()).toEqual([`RT-${ada.username}`])
  })

  test('gives nothing to another user, client or cloud', async () => {
    const { silent, service, options } = begin(write(user))
    const others: [Partial<PublicClientOptions>, object][] = [
      [{}, { account: { ...account, homeAccountId: `${bob.uid}.${bob.utid}` } }],
      [{ clientId: 'another' }, {}],
      [{ authority: `https://login.microsoftonline.us/${tenantId}` }, {}],
    ]
    for (const [change, more] of others) {
      const client = createPublicClient({ ...options, ...change })
      expect((await errorOf(acquireTokenSilent(client, { scopes, account, ...more }))).code).toBe('no_token')
    }
    expect(service.posts()).toEqual([])
    expect((await silent()).source).toBe('cache')
  })
})

test('the token of a caller of an API is not the user’s own', async () => {
  const { silent, redeemed } = begin(netCache(user))
  expect((await silent()).source).toBe('identity_provider')
  expect(redeemed()).toHaveLength(1)
})

describe('families', () => {
  const member: CachedUser = { ...user, client: 'the-office', family: '1' }

  test('an app in the family uses what another member got, before its own', async () => {
    const { silent, redeemed } = begin(
      mergeCaches(pythonCache(member), pythonCache({ ...user, family: '1', username: 'own' })),
    )
    expect((await silent({ forceRefresh: true })).source).toBe('identity_provider')
    expect(redeemed()).toEqual([`RT-${ada.username}`])
  })

  test('an app that never got a token tries the family’s', async () => {
    const { silent, redeemed } = begin(pythonCache(member), () => userToken(ada, { foci: '1' }))
    expect((await silent()).accessToken).toBe(`AT-${ada.uid}`)
    expect(redeemed()).toEqual([`RT-${ada.username}`])
  })

  test('one that turns out not to be in the family goes on with its own', async () => {
    const document = mergeCaches(pythonCache(member), pythonCache({ ...user, username: 'own' }))
    document.AppMetadata = {}
    const { silent, redeemed } = begin(document, ({ form }) =>
      form['refresh_token'] === 'RT-own' ? userToken() : refusal('invalid_grant', { suberror: 'client_mismatch' }),
    )
    expect((await silent({ forceRefresh: true })).accessToken).toBe(`AT-${ada.uid}`)
    expect(redeemed()).toEqual([`RT-${ada.username}`, 'RT-own'])
  })

  test('one that is known not to be in it leaves the family’s alone', async () => {
    const { silent, redeemed } = begin(mergeCaches(pythonCache(member), pythonCache({ ...user, username: 'own' })))
    await silent({ forceRefresh: true })
    expect(redeemed()).toEqual(['RT-own'])
  })

  test('the guess that failed is not what the caller is told', async () => {
    const { silent } = begin(pythonCache(member), () => refusal('invalid_grant', { suberror: 'client_mismatch' }))
    expect((await errorOf(silent())).code).toBe('no_token')
  })
})

describe('a refusal', () => {
  test.each([
    ['basic_action', 'basic_action'],
    ['message_only', 'message_only'],
    ['consent_required', 'consent_required'],
    ['bad_token', ''],
    ['token_expired', ''],
    ['client_mismatch', ''],
    [undefined, undefined],
  ])('with the reason %s is classified as %s', async (suberror, classification) => {
    const { silent } = begin(pythonCache(user), () => refusal('invalid_grant', { suberror, claims: '{"a":1}' }))
    const error = await errorOf(silent({ forceRefresh: true }))
    const code = suberror === 'consent_required' ? suberror : 'invalid_grant'
    expect(error).toMatchObject({ code, claims: '{"a":1}' })
    expect(error.classification).toBe(classification)
    expect(needsInteraction(error)).toBe(true)
  })

  test('leaves another refresh token to try, a server that fails does not', async () => {
    const two = mergeCaches(pythonCache(user), pythonCache({ ...user, username: 'other' }))
    two.RefreshToken!['another'] = { ...Object.values(two.RefreshToken!)[0]!, secret: 'RT-2', target: 'x' }
    const refusing = begin(two, ({ form }) =>
      form['refresh_token'] === 'RT-2' ? userToken() : refusal('invalid_grant'),
    )
    expect((await refusing.silent({ forceRefresh: true })).accessToken).toBe(`AT-${ada.uid}`)
    expect(refusing.redeemed()).toHaveLength(2)
    const failing = begin(two, () => new Response('', { status: 500 }))
    expect((await errorOf(failing.silent({ forceRefresh: true }))).status).toBe(500)
    expect(failing.redeemed()).toHaveLength(1)
  })
})

describe('a token that is due for refresh', () => {
  const due = () => {
    const document = pythonCache(user)
    Object.assign(Object.values(document.AccessToken!)[0]!, { refresh_on: `${start + 60}` })
    return document
  }

  test('is returned at once; the new one is there next time', async () => {
    const refreshes: Promise<unknown>[] = []
    const { silent, clock, redeemed } = begin(due())
    clock.seconds += 61
    const waitUntil = (refresh: Promise<unknown>): void => void refreshes.push(refresh)
    expect((await silent({ waitUntil })).accessToken).toBe(`AT-${ada.username}`)
    await Promise.all(refreshes)
    expect(await silent()).toMatchObject({ accessToken: `AT-${ada.uid}`, source: 'cache' })
    expect(redeemed()).toHaveLength(1)
  })

  test.each<[string, () => Response | Promise<Response>]>([
    ['does not answer', () => Promise.reject(new TypeError('fetch failed'))],
    ['fails', () => new Response('', { status: 503 })],
    ['refuses', () => refusal('invalid_grant')],
  ])('stays good where the server %s', async (_name, answer) => {
    const { silent, clock } = begin(due(), answer)
    clock.seconds += 61
    const refreshes: Promise<unknown>[] = []
    const waitUntil = (refresh: Promise<unknown>): void => void refreshes.push(refresh)
    expect((await silent({ waitUntil })).accessToken).toBe(`AT-${ada.username}`)
    await Promise.all(refreshes)
    expect((await silent({ waitUntil })).accessToken).toBe(`AT-${ada.username}`)
    await Promise.all(refreshes)
  })
})

describe('a refresh on its way', () => {
  test('is shared by equal calls, and by these only', async () => {
    const { silent, service } = begin(pythonCache(user))
    const calls = Array.from({ length: 20 }, () => silent({ forceRefresh: true }))
    const other = silent({ forceRefresh: true, scopes: ['Mail.Read'] })
    const tokens = new Set((await Promise.all(calls)).map(({ accessToken }) => accessToken))
    await other
    expect(tokens.size).toBe(1)
    expect(service.posts()).toHaveLength(2)
  })

  test.each(['by this client', 'by another process'])(
    'does not bring back an account that was removed %s',
    async (who) => {
      let answer: (response: Response) => void = () => {}
      const { client, cache, silent, service, kept, options } = begin(
        pythonCache(user),
        () => new Promise<Response>((resolve) => (answer = resolve)),
      )
      const call = silent({ forceRefresh: true })
      await expect.poll(() => service.posts().length).toBe(1)
      await removeAccount(who === 'by this client' ? client : createPublicClient({ ...options, cache }), { account })
      answer(userToken(ada, { refresh_token: 'RT-new' }))
      // Who asked before the removal gets the answer; nobody after it does.
      await call.catch(() => {})
      expect(await getAccounts(client)).toEqual([])
      for (const name of ['AccessToken', 'RefreshToken', 'IdToken', 'Account'] as const)
        expect(Object.keys(kept()[name] ?? {}), name).toEqual([])
      expect((await errorOf(silent())).code).toBe('no_token')
    },
  )

  test('does not hurt a caller that stays when another leaves', async () => {
    let answer: (response: Response) => void = () => {}
    const { silent, service } = begin(pythonCache(user), () => new Promise<Response>((resolve) => (answer = resolve)))
    const controller = new AbortController()
    const leaving = silent({ forceRefresh: true, signal: controller.signal })
    const staying = silent({ forceRefresh: true })
    await expect.poll(() => service.posts().length).toBe(1)
    controller.abort()
    expect((await errorOf(leaving)).code).toBe('user_cancelled')
    answer(userToken())
    expect((await staying).accessToken).toBe(`AT-${ada.uid}`)
  })

  test('that gives the tokens of another user gives nothing', async () => {
    const { silent, kept } = begin(pythonCache(user), () => userToken(bob))
    const before = kept()
    expect((await errorOf(silent({ forceRefresh: true }))).code).toBe('invalid_response')
    expect(kept()).toEqual(before)
  })
})

describe('capabilities', () => {
  const capable = { clientCapabilities: ['CP1'] }

  const capableToken = `e30.${Buffer.from('{"aud":"x","xms_cc":["CP1"]}').toString('base64url')}.sig`

  test('a token whose claims say that its client has them is for such clients only', async () => {
    const document = pythonCache(user)
    Object.values(document.AccessToken!)[0]!['secret'] = capableToken
    const can = begin(document, undefined, capable)
    expect(await can.silent()).toMatchObject({ source: 'cache', accessToken: capableToken })
    const cannot = begin(document)
    expect(await cannot.silent()).toMatchObject({ source: 'identity_provider', accessToken: `AT-${ada.uid}` })
    expect(cannot.redeemed()).toHaveLength(1)
  })

  test('a token that a client with them got is for such clients only, whatever it looks like', async () => {
    const { silent, cache, options, redeemed } = begin(pythonCache(user), undefined, capable)
    expect((await silent({ forceRefresh: true })).source).toBe('identity_provider')
    expect((await silent()).source).toBe('cache')
    const other = createPublicClient({ ...options, cache, clientCapabilities: [] })
    expect((await acquireTokenSilent(other, { scopes, account })).source).toBe('identity_provider')
    expect(redeemed()).toHaveLength(2)
  })

  test('are sent with every refresh, and together with a challenge', async () => {
    const { silent, service } = begin(pythonCache(user), undefined, capable)
    await silent({ claims: '{"access_token":{"nbf":{"essential":true}}}' })
    expect(JSON.parse(service.posts()[0]!.form['claims']!)).toEqual({
      access_token: { nbf: { essential: true }, xms_cc: { values: ['CP1'] } },
    })
  })
})

test.each<[name: string, options: object]>([
  ['no scopes', { scopes: undefined }],
  ['scopes that are a text', { scopes: 'User.Read' }],
  ['an account without an id', { account: { environment: 'x', username: '' } }],
  ['a text as the account', { account: 'ada' }],
])('%s is a mistake of the program', async (_name, options) => {
  const { silent, service } = begin({})
  expect(await rejection(silent(options))).toBeInstanceOf(TypeError)
  expect(service.requests).toEqual([])
})

test('without an account there is no token, and a person can help', async () => {
  const error = await errorOf(begin(pythonCache(user)).silent({ account: undefined }))
  expect([error.code, needsInteraction(error)]).toEqual(['no_token', true])
})
