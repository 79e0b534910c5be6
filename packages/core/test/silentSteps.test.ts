import { describe, expect, test } from 'vitest'
import {
  acquireTokenByRefreshToken,
  acquireTokenSilent,
  createPublicClient,
  getAccounts,
  serializableCache,
  type Account,
  type AuthError,
  type CacheDocument,
  type CacheEntity,
  type PublicClientOptions,
} from '@latchkey/core'
import {
  authority,
  clientId,
  createClock,
  createService,
  rejection,
  start,
  tenantId,
  type Asked,
} from './fixtures/tokenService.js'
import { mergeCaches, nodeCache, pythonCache, type CachedUser } from './fixtures/userCaches.js'
import { ada, idToken, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const user: CachedUser = ada
const account: Account = {
  ...{ homeAccountId: `${ada.uid}.${ada.utid}`, environment: 'login.microsoftonline.com', username: ada.username },
  ...{ realm: tenantId, authorityType: 'MSSTS' },
}
type Change = 'fresh' | 'aging' | 'expired' | 'absent'
const refreshes: Promise<unknown>[] = []
const waitUntil = (refresh: Promise<unknown>): void => void refreshes.push(refresh)

/** A cache as MSAL Python writes it, with the access token in some state. */
function cacheWith(state: Change, hasRefreshToken = true, more: CacheEntity = {}): CacheDocument {
  const document = pythonCache(user)
  const [token] = Object.values(document.AccessToken!)
  const times = {
    fresh: {},
    aging: { refresh_on: `${start - 1}` },
    expired: { expires_on: `${start + 299}` },
    absent: {},
  }
  Object.assign(token!, times[state], more)
  if (state === 'absent') document.AccessToken = {}
  if (!hasRefreshToken) document.RefreshToken = {}
  return document
}

function begin(
  document: CacheDocument,
  answer: (asked: Asked) => Response | Promise<Response> = () => userToken(),
  options: Partial<PublicClientOptions> = {},
) {
  const clock = createClock()
  const service = createService((asked) => (asked.method === 'POST' ? answer(asked) : undefined))
  const cache = serializableCache(JSON.stringify(document))
  const client = createPublicClient({
    clientId,
    authority,
    cache,
    fetch: service.fetch,
    now: clock.now,
    maxRetries: 0,
    env: {},
    ...options,
  })
  const silent = (more: object = {}) => acquireTokenSilent(client, { scopes, account, waitUntil, ...more })
  /** What came of it: where the token is from, or the code of the error. */
  const outcome = async (more: object = {}): Promise<string> => {
    const said = await silent(more).then(
      ({ source }) => source,
      (error: AuthError) => error.code,
    )
    await Promise.all(refreshes.splice(0))
    return said
  }
  const kept = () => JSON.parse(cache.serialize()) as CacheDocument
  return { client, cache, clock, service, silent, outcome, kept }
}
const errorOf = async (call: Promise<unknown>): Promise<AuthError> => (await rejection(call)) as AuthError
const ok = (): Response => userToken()
const refused = (): Response => refusal('invalid_grant')
const outage = (): Promise<Response> => Promise.reject(new TypeError('fetch failed'))
const server = (): Response => new Response('', { status: 503 })

describe('what comes of the cache’s state and the server’s answer', () => {
  test.each<
    [
      state: Change,
      hasRefreshToken: boolean,
      options: object,
      answer: () => Response | Promise<Response>,
      expected: string,
      requests: number,
    ]
  >([
    ['fresh', true, {}, ok, 'cache', 0],
    ['aging', true, {}, ok, 'cache', 1],
    ['aging', true, {}, refused, 'cache', 1],
    ['aging', true, {}, outage, 'cache', 1],
    ['aging', true, {}, server, 'cache', 1],
    ['aging', false, {}, ok, 'cache', 0],
    ['expired', true, {}, ok, 'identity_provider', 1],
    ['expired', true, {}, refused, 'invalid_grant', 1],
    ['expired', true, {}, outage, 'network_error', 1],
    ['expired', true, {}, server, 'server_error', 1],
    ['expired', false, {}, ok, 'no_token', 0],
    ['fresh', true, { forceRefresh: true }, ok, 'identity_provider', 1],
    ['fresh', true, { forceRefresh: true }, refused, 'invalid_grant', 1],
    ['fresh', true, { forceRefresh: true }, outage, 'network_error', 1],
    ['fresh', true, { claims: '{"a":1}' }, ok, 'identity_provider', 1],
    ['fresh', true, { claims: '{"a":1}' }, server, 'server_error', 1],
    ['fresh', false, { forceRefresh: true }, ok, 'no_token', 0],
    ['fresh', false, { claims: '{"a":1}' }, ok, 'no_token', 0],
    ['absent', true, {}, ok, 'identity_provider', 1],
    ['absent', false, {}, ok, 'no_token', 0],
  ])(
    '%s token, refresh token: %s, %j: %o gives %s',
    async (state, hasRefreshToken, options, answer, expected, requests) => {
      const { outcome, service } = begin(cacheWith(state, hasRefreshToken), answer)
      expect(await outcome(options)).toBe(expected)
      expect(service.posts()).toHaveLength(requests)
    },
  )

  test('a refused refresh removes nothing', async () => {
    const { outcome, kept } = begin(cacheWith('expired'), refused)
    const before = kept()
    await outcome()
    expect(kept()).toEqual(before)
  })
})

describe('the request', () => {
  test.each<[Change, object, string]>([
    ['fresh', { forceRefresh: true }, '4|84,1|'],
    ['fresh', { claims: '{"a":1}' }, '4|84,1|'],
    ['absent', {}, '4|84,2|'],
    ['expired', {}, '4|84,3|'],
    ['aging', {}, '4|84,4|'],
  ])('says why: a token that is %s, with %j', async (state, options, expected) => {
    const { outcome, service } = begin(cacheWith(state))
    await outcome(options)
    expect(service.posts()[0]?.headers.get('x-client-current-telemetry')).toBe(expected)
  })

  test('is a refresh for the user’s data centre, and has one id for the whole call', async () => {
    const { silent, service } = begin(cacheWith('absent'), undefined, { excludeScopes: ['profile'] })
    expect(await silent({ correlationId: 'the-id', claims: '{"a":1}' })).toMatchObject({ correlationId: 'the-id' })
    const [asked] = service.posts()
    expect(asked?.form).toEqual({
      ...{ client_id: clientId, client_info: '1', grant_type: 'refresh_token', refresh_token: `RT-${ada.username}` },
      ...{ scope: 'User.Read offline_access openid', claims: '{"a":1}' },
    })
    expect(asked?.headers.get('x-anchormailbox')).toBe(`Oid:${ada.uid}@${ada.utid}`)
    expect(asked?.headers.get('client-request-id')).toBe('the-id')
  })

  test('has no data centre where the user is another provider’s', async () => {
    const { client, service } = begin(cacheWith('absent'), () =>
      userToken(ada, { client_info: undefined, id_token: idToken({ sub: 'a-subject' }) }),
    )
    const { account } = await acquireTokenByRefreshToken(client, { refreshToken: 'x', scopes })
    expect(account?.homeAccountId).toBe('a-subject')
    await acquireTokenSilent(client, { scopes, account, forceRefresh: true })
    expect(service.posts()[1]?.headers.has('x-anchormailbox')).toBe(false)
  })
})

describe('a cached token is used', () => {
  test.each<[string, CacheEntity, string]>([
    ['until five minutes before its end', { expires_on: `${start + 300}` }, 'cache'],
    ['not after that', { expires_on: `${start + 299}` }, 'identity_provider'],
    ['without a type', { token_type: undefined }, 'cache'],
    ['with its type in capitals', { token_type: 'BEARER' }, 'cache'],
    ['not with another type', { token_type: 'pop' }, 'identity_provider'],
    ['not with a key', { key_id: 'k' }, 'identity_provider'],
    ['not with .NET’s name for a key', { kid: 'k' }, 'identity_provider'],
    ['not for an assertion', { userAssertionHash: 'h' }, 'identity_provider'],
    ['not for .NET’s assertion', { user_assertion_hash: 'h' }, 'identity_provider'],
    ['for more scopes than asked', { target: 'Mail.Read User.Read' }, 'cache'],
    ['for the same in other letters', { target: 'user.READ' }, 'cache'],
    ['not for fewer', { target: 'Mail.Read' }, 'identity_provider'],
    ['under another name of the cloud', { environment: 'sts.windows.net' }, 'cache'],
    ['not of another cloud', { environment: 'login.microsoftonline.us' }, 'identity_provider'],
    ['not of another tenant', { realm: 'another' }, 'identity_provider'],
    ['not of another user', { home_account_id: 'x.y' }, 'identity_provider'],
    ['not of another app', { client_id: 'x' }, 'identity_provider'],
    ['not of the app itself', { home_account_id: null }, 'identity_provider'],
    ['with its times as numbers', { expires_on: start + 3600, cached_at: start }, 'cache'],
    ['not when the clock was turned back behind it', { cached_at: `${start + 301}` }, 'identity_provider'],
    ['when another machine’s clock is ahead', { cached_at: `${start + 300}` }, 'cache'],
    ['not without an end', { expires_on: undefined }, 'identity_provider'],
    ['not without a secret', { secret: '' }, 'identity_provider'],
    [
      'whose kind is MSAL Node’s for bound tokens and whose type is not',
      { credential_type: 'AccessToken_With_AuthScheme' },
      'cache',
    ],
  ])('%s', async (_name, more, expected) => {
    expect(await begin(cacheWith('fresh', true, more)).outcome()).toBe(expected)
  })

  test('with the ID token, its claims and the account that was asked for', async () => {
    const document = cacheWith('fresh')
    const token = idToken({ name: 'Ada' })
    Object.values(document.IdToken!)[0]!['secret'] = token
    const result = await begin(document).silent()
    expect(result).toMatchObject({ account, idToken: token, idTokenClaims: { name: 'Ada' }, source: 'cache' })
    expect(result.expiresOn).toEqual(new Date((start + 3600) * 1000))
  })

  test('under another key, another user’s ID token is not', async () => {
    const document = cacheWith('fresh')
    for (const entity of Object.values(document.IdToken!)) entity['home_account_id'] = 'x.y'
    expect(await begin(document).silent()).not.toHaveProperty('idToken')
  })
})

describe('at common and its like', () => {
  const atCommon = { authority: 'https://login.microsoftonline.com/common' }
  test('what MSAL Node keeps under the user’s own tenant is found', async () => {
    const { outcome, service } = begin(nodeCache(user), undefined, atCommon)
    expect(await outcome()).toBe('cache')
    expect(service.requests).toEqual([])
  })

  test('what MSAL Python keeps under common is found, and not the home tenant’s before it', async () => {
    const document = mergeCaches(nodeCache({ ...user, username: 'home' }), pythonCache({ ...user, realm: 'common' }))
    expect((await begin(document, undefined, atCommon).silent()).accessToken).toBe(`AT-${ada.username}`)
  })

  test('what is of a tenant that the user is a guest of is not', async () => {
    const guest = { ...user, realm: '99999999-8888-7777-6666-555555555555' }
    expect(await begin(pythonCache(guest), undefined, atCommon).outcome()).toBe('identity_provider')
  })

  test('what was renewed is kept under common, as MSAL Python keeps it', async () => {
    const { outcome, kept } = begin(pythonCache({ ...user, realm: 'common' }), undefined, atCommon)
    expect(await outcome({ forceRefresh: true })).toBe('identity_provider')
    expect(Object.values(kept().AccessToken!)).toMatchObject([{ realm: 'common', secret: `AT-${ada.uid}` }])
    expect(await outcome()).toBe('cache')
  })
})

describe('refresh tokens', () => {
  const two = (): CacheDocument => {
    const document = cacheWith('absent')
    const [token] = Object.values(document.RefreshToken!)
    document.RefreshToken = {
      old: { ...token, secret: 'RT-old', target: 'a', last_modification_time: `${start - 10}` },
      none: { ...token, secret: 'RT-none', target: 'b', last_modification_time: undefined },
      new: { ...token, secret: 'RT-new', target: 'c', last_modification_time: `${start}` },
    }
    return document
  }
  const redeemed = (service: { posts(): Asked[] }) => service.posts().map(({ form }) => form['refresh_token'])

  test('are tried newest first, and the last refusal is told', async () => {
    const { silent, service } = begin(two(), ({ form }) =>
      refusal('invalid_grant', { error_description: form['refresh_token'] === 'RT-none' ? 'the last' : 'x' }),
    )
    expect(await errorOf(silent())).toMatchObject({ code: 'invalid_grant', errorDescription: 'the last' })
    expect(redeemed(service)).toEqual(['RT-new', 'RT-old', 'RT-none'])
  })

  test.each<[string, () => Response | Promise<Response>, string]>([
    ['the server wants fewer requests', () => Response.json({ error: 'x' }, { status: 429 }), 'throttled'],
    ['the server fails', () => Response.json({ error: 'x' }, { status: 500 }), 'server_error'],
    ['nobody answers', outage, 'network_error'],
    ['the answer is nonsense', () => new Response('<html>'), 'invalid_response'],
    ['the ID token is wrong', () => userToken(ada, { id_token: idToken({ aud: 'x' }) }), 'id_token_invalid'],
    ['the tokens are another user’s', () => userToken({ ...ada, uid: 'eve' }), 'invalid_response'],
  ])('are not all tried when %s', async (_name, answer, code) => {
    const { silent, service } = begin(two(), answer)
    expect((await errorOf(silent())).code).toBe(code)
    expect(redeemed(service)).toEqual(['RT-new'])
  })

  test('that were renewed stay where they were, with what they were for', async () => {
    const { outcome, kept } = begin(two(), () => userToken(ada, { refresh_token: 'RT-renewed', foci: '1' }))
    await outcome()
    const { RefreshToken } = kept()
    expect(RefreshToken).toEqual({
      ...two().RefreshToken,
      none: { ...two().RefreshToken!['none'], last_modification_time: undefined },
      new: { ...two().RefreshToken!['new'], secret: 'RT-renewed', last_modification_time: `${start}`, family_id: '1' },
    })
  })

  test('stay as they are where no new one came', async () => {
    const { outcome, kept } = begin(two(), () => userToken(ada, { refresh_token: undefined }))
    await outcome()
    expect(kept().RefreshToken).toEqual(JSON.parse(JSON.stringify(two().RefreshToken)))
  })

  test('of all tenants are the user’s: they are good in each', async () => {
    const { outcome, service } = begin(
      mergeCaches(cacheWith('absent', false), {
        RefreshToken: pythonCache({ ...user, realm: 'another' }).RefreshToken!,
      }),
    )
    expect(await outcome()).toBe('identity_provider')
    expect(redeemed(service)).toEqual([`RT-${ada.username}`])
  })

  test.each<[string, CacheEntity]>([
    ['another user’s', { home_account_id: 'x.y' }],
    ['another cloud’s', { environment: 'login.microsoftonline.us' }],
    ['another app’s', { client_id: 'x' }],
    ['one for an assertion', { userAssertionHash: 'h' }],
    ['one for .NET’s assertion', { user_assertion_hash: 'h' }],
    ['one without a secret', { secret: 5 }],
  ])('are not tried: %s', async (_name, more) => {
    const document = cacheWith('absent')
    Object.assign(Object.values(document.RefreshToken!)[0]!, more)
    const { outcome, service } = begin(document)
    expect(await outcome()).toBe('no_token')
    expect(service.posts()).toEqual([])
  })

  test('of a family that the app turns out not to be in are not all tried', async () => {
    const document = two()
    for (const entity of Object.values(document.RefreshToken!))
      Object.assign(entity, { client_id: 'x', family_id: '1' })
    document.AppMetadata = {}
    const { outcome, service } = begin(document, () => refusal('invalid_grant', { suberror: 'client_mismatch' }))
    expect(await outcome()).toBe('no_token')
    expect(redeemed(service)).toEqual(['RT-new'])
    const bad = begin(document, () => refusal('invalid_grant', { suberror: 'bad_token' }))
    expect(await bad.outcome()).toBe('no_token')
    expect(redeemed(bad.service)).toEqual(['RT-new', 'RT-old', 'RT-none'])
  })

  test('for the same scopes in other letters are one', async () => {
    let scope = 'User.Read openid'
    const { client, kept } = begin({}, () => userToken(ada, { scope, refresh_token: scope }))
    for (scope of ['User.Read openid', 'User.READ openid'])
      await acquireTokenByRefreshToken(client, { refreshToken: scope, scopes })
    expect(Object.values(kept().RefreshToken!)).toMatchObject([{ secret: 'User.READ openid' }])
  })

  test('that cannot be read harm nobody', async () => {
    const document = cacheWith('absent')
    Object.assign(document.RefreshToken!, { null: null, text: 'x', list: [], empty: {} })
    expect(await begin(document).outcome()).toBe('identity_provider')
  })
})

test('an account written by another name of the cloud is renewed under that name', async () => {
  const { client, outcome, kept } = begin(nodeCache(user))
  const [found] = await getAccounts(client)
  expect(await outcome({ account: found, forceRefresh: true })).toBe('identity_provider')
  for (const section of Object.values(kept()))
    for (const entity of Object.values(section!)) expect(entity['environment']).toBe('login.windows.net')
})

test('a refresh brings back no account that another app has signed out', async () => {
  const { outcome, client, kept } = begin({ ...cacheWith('absent'), Account: {}, IdToken: {} })
  expect(await outcome()).toBe('identity_provider')
  expect(kept().Account).toEqual({})
  expect(await getAccounts(client)).toEqual([])
})

test('a user of another library’s account type is no mistake', async () => {
  expect(await begin(cacheWith('fresh')).outcome({ account: { ...account, authorityType: 'Generic', extra: 1 } })).toBe(
    'cache',
  )
})
