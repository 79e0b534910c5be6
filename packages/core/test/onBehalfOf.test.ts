import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  acquireTokenByRefreshToken,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  createConfidentialClient,
  createPublicClient,
  getAccounts,
  memoryCache,
  needsInteraction,
  removeAccount,
  type AcquireTokenOnBehalfOfOptions,
  type AuthError,
  type ConfidentialClient,
  type ConfidentialClientOptions,
} from '@latchkey/core'
import { authority, rejection, secret, start, type Asked } from './fixtures/tokenService.js'
import { until } from './fixtures/until.js'
import { ada, bob, createWebApp, idToken, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const ofAda = 'incoming~ada~1'
const ofBob = 'incoming~bob~1'
const hashOf = (assertion: string): string => createHash('sha256').update(assertion).digest('base64url')
const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

type Answer = (asked: Asked, count: number) => Response | Promise<Response> | undefined

/** An API whose callers the assertions name. */
function createApi(answer: Answer = () => undefined, options: Partial<ConfidentialClientOptions> = {}) {
  let count = 0
  const made = createWebApp((asked) => {
    if (asked.method !== 'POST') return undefined
    const mark = ++count
    const { assertion = '', refresh_token: refreshToken = '', client_id: aud } = asked.form
    const user = /bob/.test(assertion + refreshToken) ? bob : ada
    const fields = { access_token: `AT-${user.uid}-${mark}`, refresh_token: `RT-${user.uid}-${mark}` }
    const id_token = idToken({ aud, oid: user.uid, preferred_username: user.username, exp: start + 86_400 })
    return answer(asked, mark) ?? userToken(user, { ...fields, id_token })
  }, options)
  const acquire = (userAssertion: string, more: Partial<AcquireTokenOnBehalfOfOptions> = {}) =>
    acquireTokenOnBehalfOf(made.client, { userAssertion, scopes, ...more })
  const forms = () => made.service.posts().map(({ form }) => form)
  return { ...made, acquire, forms }
}
const errorOf = async (call: Promise<unknown>): Promise<AuthError> => (await rejection(call)) as AuthError
const over: Answer = ({ form }) =>
  form['grant_type'] === grant ? refusal('invalid_grant', { error_codes: [500133] }) : undefined

test('the request is what Entra wants', async () => {
  const { acquire, service } = createApi(undefined, { clientCapabilities: ['CP1'] })
  await acquire(ofAda, { claims: '{"access_token":{"nbf":{"essential":true}}}', correlationId: 'the-id' })
  const [asked] = service.posts()
  expect(asked?.form).toEqual({
    ...{ client_id: asked?.form['client_id'], client_info: '1', client_secret: secret, grant_type: grant },
    ...{ assertion: ofAda, requested_token_use: 'on_behalf_of', scope: 'User.Read offline_access openid profile' },
    claims: '{"access_token":{"nbf":{"essential":true},"xms_cc":{"values":["CP1"]}}}',
  })
  expect(asked?.headers.get('x-client-current-telemetry')).toBe('4|523,0|')
  expect(asked?.headers.get('client-request-id')).toBe('the-id')
})

describe('the partition of an assertion', () => {
  test('is its hash, in the store and in every entity that could be mistaken for the user’s own', async () => {
    const store = memoryCache()
    const { acquire } = createApi(undefined, { cache: store })
    await acquire(ofAda)
    const partitions = [...(await store.partitions!())]
    expect(partitions).toContain(hashOf(ofAda))
    expect(partitions).not.toContain(`${ada.uid}.${ada.utid}`)
    const document = (await store.get(hashOf(ofAda)))!
    for (const name of ['AccessToken', 'RefreshToken'])
      expect(Object.values(document[name]!)).toMatchObject([{ userAssertionHash: hashOf(ofAda) }])
    expect(JSON.stringify(document)).not.toContain(ofAda)
  })

  test.each(['one document for all', 'a document for each'])('is never another caller’s (%s)', async (how) => {
    const { acquire, service } = createApi(undefined, how === 'a document for each' ? { cache: memoryCache() } : {})
    const first = { ada: await acquire(ofAda), bob: await acquire(ofBob) }
    expect([first.ada.account?.username, first.bob.account?.username]).toEqual([ada.username, bob.username])
    expect(await acquire(ofAda)).toMatchObject({
      source: 'cache',
      accessToken: first.ada.accessToken,
      account: first.ada.account,
    })
    expect(await acquire(ofBob)).toMatchObject({
      source: 'cache',
      accessToken: first.bob.accessToken,
      account: first.bob.account,
    })
    expect(service.posts()).toHaveLength(2)
    // The same user with another token is another caller: it may have been got under other conditions.
    expect(await acquire('incoming~ada~2')).toMatchObject({ source: 'identity_provider' })
    expect(await acquire(ofAda)).toMatchObject({ accessToken: first.ada.accessToken })
  })

  test('is not for silent calls of the same user and client, nor theirs for it', async () => {
    const { acquire, client, service } = createApi()
    const { account } = await acquire(ofAda)
    expect((await errorOf(acquireTokenSilent(client, { scopes, account }))).code).toBe('no_token')
    expect((await errorOf(acquireTokenSilent(client, { scopes, account, forceRefresh: true }))).code).toBe('no_token')
    expect(service.posts()).toHaveLength(1)
  })

  test('is not served from tokens without a hash, of this user or of the app', async () => {
    const { acquire, cache, kept } = createApi()
    await acquire(ofAda)
    const document = kept()
    for (const name of ['AccessToken', 'RefreshToken'])
      for (const entity of Object.values(document[name]!)) delete entity['userAssertionHash']
    cache.deserialize(JSON.stringify(document))
    expect(await acquire(ofAda)).toMatchObject({ source: 'identity_provider', accessToken: 'AT-uid-ada-2' })
  })

  test('is found in what MSAL .NET wrote, too', async () => {
    const { acquire, cache, kept, service } = createApi()
    const { accessToken } = await acquire(ofAda)
    const document = kept()
    for (const entity of Object.values(document.AccessToken!)) {
      delete entity['userAssertionHash']
      entity['user_assertion_hash'] = hashOf(ofAda)
    }
    cache.deserialize(JSON.stringify(document))
    expect(await acquire(ofAda)).toMatchObject({ source: 'cache', accessToken })
    expect((await acquire(ofBob)).accessToken).not.toBe(accessToken)
    expect(service.posts()).toHaveLength(2)
  })

  test('keeps its refresh token beside the user’s own, and beside that of another assertion', async () => {
    let isOver = false
    const { acquire, client, forms } = createApi((asked, count) => (isOver ? over(asked, count) : undefined))
    const redeemed = () => forms().at(-1)?.['refresh_token']
    const { account } = await acquireTokenByRefreshToken(client, { refreshToken: 'ada’s own', scopes })
    await acquire(ofAda)
    await acquire('incoming~ada~2')
    await acquireTokenSilent(client, { scopes, account, forceRefresh: true })
    expect(redeemed()).toBe('RT-uid-ada-1')
    isOver = true
    for (const [assertion, expected] of [
      [ofAda, 'RT-uid-ada-2'],
      ['incoming~ada~2', 'RT-uid-ada-3'],
    ] as const) {
      await acquire(assertion, { claims: '{"a":1}', longRunning: true })
      expect(redeemed()).toBe(expected)
    }
  })

  test.each(['one document for all', 'a document for each'])('goes when the user is signed out (%s)', async (how) => {
    const { acquire, client, service } = createApi(
      undefined,
      how === 'a document for each' ? { cache: memoryCache() } : {},
    )
    const { account } = await acquire(ofAda)
    await acquire(ofBob)
    await removeAccount(client, { account: account! })
    expect(await acquire(ofAda)).toMatchObject({ source: 'identity_provider' })
    expect(await acquire(ofBob)).toMatchObject({ source: 'cache' })
    expect(service.posts()).toHaveLength(3)
  })
})

describe('the cache', () => {
  test('is asked for scopes, some or all of those that were granted', async () => {
    const { acquire, forms } = createApi(() => undefined)
    await acquire(ofAda, { scopes: ['User.Read'] })
    expect(await acquire(ofAda, { scopes: ['user.read'] })).toMatchObject({ source: 'cache' })
    expect(await acquire(ofAda, { scopes: ['Mail.Read'] })).toMatchObject({ source: 'identity_provider' })
    expect(forms()).toHaveLength(2)
  })

  test('is passed by with claims, and not with capabilities alone', async () => {
    const { acquire, forms } = createApi(undefined, { clientCapabilities: ['CP1'] })
    await acquire(ofAda)
    expect(await acquire(ofAda)).toMatchObject({ source: 'cache' })
    expect(await acquire(ofAda, { claims: '{}' })).toMatchObject({ source: 'identity_provider' })
    expect(forms()).toHaveLength(2)
  })

  test('holds until five minutes before the end', async () => {
    const { acquire, clock } = createApi()
    await acquire(ofAda)
    clock.seconds += 3299
    expect(await acquire(ofAda)).toMatchObject({ source: 'cache' })
    clock.seconds += 1
    expect(await acquire(ofAda)).toMatchObject({ source: 'identity_provider' })
  })

  test('gives a token that is due at once, and has a new one next time', async () => {
    const refreshes: Promise<unknown>[] = []
    const { acquire, clock } = createApi((_, count) =>
      count === 1 ? userToken(ada, { access_token: 'AT-uid-ada-1', expires_in: 7200, refresh_in: 3600 }) : undefined,
    )
    await acquire(ofAda)
    clock.seconds += 3601
    const waitUntil = (refresh: Promise<unknown>): void => void refreshes.push(refresh)
    expect(await acquire(ofAda, { waitUntil })).toMatchObject({ source: 'cache', accessToken: 'AT-uid-ada-1' })
    await Promise.all(refreshes)
    expect(await acquire(ofAda)).toMatchObject({ source: 'cache', accessToken: 'AT-uid-ada-2' })
  })

  test('is shared by two APIs without crossing', async () => {
    const { acquire, client, cache, service } = createApi()
    await acquire(ofAda)
    const options = { clientId: 'another', authority, credential: client.credential, cache, now: client.now }
    const other = createConfidentialClient({ ...options, fetch: service.fetch, env: {} })
    expect(await acquireTokenOnBehalfOf(other, { userAssertion: ofAda, scopes })).toMatchObject({
      source: 'identity_provider',
    })
  })

  test('keeps nothing where the ID token is wrong, or nobody is named', async () => {
    const wrong: Record<string, unknown>[] = [
      { id_token: idToken({ aud: 'another' }) },
      { id_token: idToken({ exp: start - 200 }) },
    ]
    for (const fields of wrong) {
      const { acquire, cache } = createApi(() => userToken(ada, fields))
      expect((await errorOf(acquire(ofAda))).code).toBe('id_token_invalid')
      expect(cache.serialize()).toBe('{}')
    }
    const { acquire, kept } = createApi(() => userToken(ada, { id_token: undefined, client_info: undefined }))
    expect(await acquire(ofAda)).not.toHaveProperty('account')
    expect(kept().AccessToken).toBeUndefined()
  })
})

describe('a refusal', () => {
  test('holds the claims for the caller of the API, unchanged', async () => {
    const claims = '{"access_token":{"polids":{"essential":true,"values":["x"]}}}'
    const { acquire } = createApi(() =>
      refusal('interaction_required', { claims, suberror: 'basic_action', error_codes: [50076] }),
    )
    const error = await errorOf(acquire(ofAda))
    expect(error).toMatchObject({ code: 'interaction_required', claims, suberror: 'basic_action', errorCodes: [50076] })
    expect(needsInteraction(error)).toBe(true)
  })

  test('of one caller is not another’s, though both ask for the same', async () => {
    const { acquire, forms } = createApi(({ form }) =>
      form['assertion'] === ofAda ? new Response('', { status: 429, headers: { 'retry-after': '60' } }) : undefined,
    )
    expect((await errorOf(acquire(ofAda))).code).toBe('throttled')
    expect((await errorOf(acquire(ofAda))).code).toBe('throttled')
    expect(await acquire(ofBob)).toMatchObject({ account: { username: bob.username } })
    expect(forms()).toHaveLength(2)
  })
})

describe('longRunning', () => {
  test('goes on with the refresh token when the assertion is over', async () => {
    let isOver = false
    const { acquire, clock, forms } = createApi((asked, count) => (isOver ? over(asked, count) : undefined))
    const { account } = await acquire(ofAda)
    isOver = true
    clock.seconds += 7200
    expect(await acquire(ofAda, { longRunning: true })).toMatchObject({ accessToken: 'AT-uid-ada-3', account })
    expect(forms().slice(1)).toMatchObject([
      { grant_type: grant },
      { grant_type: 'refresh_token', refresh_token: 'RT-uid-ada-1' },
    ])
    // What was renewed stays under the assertion, and is found there.
    expect(await acquire(ofAda)).toMatchObject({ source: 'cache', accessToken: 'AT-uid-ada-3' })
    clock.seconds += 7200
    await acquire(ofAda, { longRunning: true })
    expect(forms().at(-1)).toMatchObject({ refresh_token: 'RT-uid-ada-3' })
  })

  test.each([
    ['without it', {}, { error_codes: [500133] }],
    ['for another reason', { longRunning: true }, { error_codes: [50076] }],
  ])('%s the refusal is told', async (_name, more, fields) => {
    let isRefused = false
    const { acquire, clock, forms } = createApi(() => (isRefused ? refusal('invalid_grant', fields) : undefined))
    await acquire(ofAda)
    isRefused = true
    clock.seconds += 7200
    expect(await errorOf(acquire(ofAda, more))).toMatchObject({ code: 'invalid_grant', errorCodes: fields.error_codes })
    expect(forms()).toHaveLength(2)
  })

  test('is of no use to an assertion that was never taken, or to somebody else’s', async () => {
    let isOver = false
    const { acquire, forms } = createApi((asked, count) => (isOver ? over(asked, count) : undefined))
    await acquire(ofAda)
    isOver = true
    expect((await errorOf(acquire(ofBob, { longRunning: true }))).errorCodes).toEqual([500133])
    expect((await errorOf(acquire('incoming~ada~2', { longRunning: true }))).errorCodes).toEqual([500133])
    expect(forms().filter(({ grant_type }) => grant_type === 'refresh_token')).toEqual([])
  })

  test('passes claims on to the refresh', async () => {
    let isOver = false
    const { acquire, forms } = createApi((asked, count) => (isOver ? over(asked, count) : undefined))
    await acquire(ofAda)
    isOver = true
    await acquire(ofAda, { longRunning: true, claims: '{"a":1}' })
    expect(forms().at(-1)).toMatchObject({ grant_type: 'refresh_token', claims: '{"a":1}' })
  })

  test('of a user who was signed out ends', async () => {
    let isOver = false
    const { acquire, client, forms } = createApi((asked, count) => (isOver ? over(asked, count) : undefined))
    const { account } = await acquire(ofAda)
    await removeAccount(client, { account: account! })
    isOver = true
    expect((await errorOf(acquire(ofAda, { longRunning: true }))).errorCodes).toEqual([500133])
    expect(forms().at(-1)).toMatchObject({ grant_type: grant })
  })
})

describe('calls at the same time', () => {
  test('share one request where they are equal, and only there', async () => {
    const { acquire, forms } = createApi()
    const equal = await Promise.all(Array.from({ length: 20 }, () => acquire(ofAda)))
    expect(new Set(equal.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(forms()).toHaveLength(1)
    await Promise.all([
      acquire(ofBob),
      acquire(ofAda, { scopes: ['Mail.Read'] }),
      acquire(ofAda, { claims: '{"a":1}' }),
    ])
    expect(forms()).toHaveLength(4)
  })

  test('an answer on its way does not bring back who was signed out', async () => {
    const answers: (() => void)[] = []
    const { acquire, client, kept } = createApi(
      () => new Promise((resolve) => answers.push(() => resolve(userToken()))),
    )
    const call = acquire(ofAda)
    await until(() => answers.length === 1)
    const account = {
      homeAccountId: `${ada.uid}.${ada.utid}`,
      environment: 'login.microsoftonline.com',
      username: '',
      realm: '',
      authorityType: 'MSSTS',
    }
    await removeAccount(client, { account })
    answers[0]!()
    await call
    expect(kept().AccessToken).toBeUndefined()
    expect(await getAccounts(client)).toEqual([])
  })

  test('one that leaves leaves alone', async () => {
    let answer!: () => void
    const answered = new Promise<void>((resolve) => (answer = resolve))
    const { acquire, service } = createApi(async () => answered.then(() => userToken()))
    const controller = new AbortController()
    const leaving = errorOf(acquire(ofAda, { signal: controller.signal }))
    const staying = acquire(ofAda)
    await until(() => service.requests.length > 0)
    controller.abort()
    expect((await leaving).code).toBe('user_cancelled')
    answer()
    expect(await staying).toHaveProperty('accessToken')
  })
})

test.each<[string, unknown, object]>([
  ['no client', undefined, {}],
  ['a public client', createPublicClient({ clientId: 'x' }), {}],
  ['no assertion', 0, { userAssertion: undefined }],
  ['an empty assertion', 0, { userAssertion: ' ' }],
  ['an assertion that is no text', 0, { userAssertion: { token: 'x' } }],
  ['no scopes', 0, { scopes: undefined }],
  ['empty scopes', 0, { scopes: [] }],
  ['a reserved scope', 0, { scopes: ['openid'] }],
  ['claims that are no JSON, with capabilities', 0, { claims: 'x' }],
])('%s is a mistake of the program', async (_name, given, more) => {
  const { client, service } = createApi(undefined, { clientCapabilities: ['CP1'] })
  const options = { userAssertion: ofAda, scopes, ...more } as AcquireTokenOnBehalfOfOptions
  const call = acquireTokenOnBehalfOf((given === 0 ? client : given) as ConfidentialClient, options)
  expect(await rejection(call)).toBeInstanceOf(TypeError)
  expect(service.requests).toEqual([])
})
