import { describe, expect, test } from 'vitest'
import {
  acquireTokenByRefreshToken,
  acquireTokenSilent,
  getAccounts,
  removeAccount,
  type Account,
  type AcquireTokenByRefreshTokenOptions,
  type AuthError,
  type CacheDocument,
} from '@latchkey/core'
import { rejection } from './fixtures/tokenService.js'
import { until } from './fixtures/until.js'
import { ada, bob, createUserClient, createWebApp, idToken, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const errorOf = async (call: Promise<unknown>): Promise<AuthError> => (await rejection(call)) as AuthError

/** A client, and users who were signed in by an older library. */
function begin(
  answer: Parameters<typeof createUserClient>[0] = () => undefined,
  options: Parameters<typeof createUserClient>[1] = {},
) {
  const made = createUserClient(answer, options)
  const bring = (refreshToken: string, more: Partial<AcquireTokenByRefreshTokenOptions> = {}) =>
    acquireTokenByRefreshToken(made.client, { refreshToken, scopes, ...more })
  const kept = () => JSON.parse(made.cache.serialize()) as CacheDocument
  return { ...made, bring, kept }
}

test('asks as MSAL does, and keeps everything', async () => {
  const { bring, client, service, kept } = begin(undefined, { clientCapabilities: ['CP1'] })
  const { account } = await bring('from elsewhere', { correlationId: 'the-id' })
  const [asked] = service.posts()
  expect(asked?.form).toEqual({
    ...{ client_id: client.clientId, client_info: '1', grant_type: 'refresh_token', refresh_token: 'from elsewhere' },
    scope: 'User.Read offline_access openid profile',
  })
  expect(asked?.headers.get('x-client-current-telemetry')).toBe('4|85,1|')
  expect(asked?.headers.get('client-request-id')).toBe('the-id')
  expect(asked?.headers.has('x-anchormailbox')).toBe(false)
  expect(Object.keys(kept()).toSorted()).toEqual(['AccessToken', 'Account', 'AppMetadata', 'IdToken', 'RefreshToken'])
  expect(JSON.stringify(kept())).not.toContain('from elsewhere')
  expect(account).toMatchObject({ username: ada.username, accountSource: undefined })
  expect(await getAccounts(client)).toEqual([account])
})

test('from then on the user is one like the others', async () => {
  const { bring, client, service } = begin()
  const { account } = await bring('from elsewhere')
  expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache' })
  await acquireTokenSilent(client, { scopes, account, forceRefresh: true })
  expect(service.posts()[1]?.form['refresh_token']).toBe(`RT-${ada.uid}`)
  await removeAccount(client, { account: account! })
  expect(await getAccounts(client)).toEqual([])
  expect((await errorOf(acquireTokenSilent(client, { scopes, account }))).code).toBe('no_token')
})

test('many users at once are each themselves', async () => {
  const users = [
    ada,
    bob,
    ...Array.from({ length: 30 }, (_, index) => ({ ...ada, uid: `uid-${index}`, username: `${index}@contoso.com` })),
  ]
  const { bring, client } = begin(({ form, method }) => {
    const user = users.find(({ uid }) => uid === form['refresh_token'])
    return method === 'POST' && user ? userToken(user) : undefined
  })
  const results = await Promise.all(users.map(({ uid }) => bring(uid)))
  expect(results.map(({ account }) => account?.username)).toEqual(users.map(({ username }) => username))
  expect(await getAccounts(client)).toHaveLength(users.length)
  for (const { account, accessToken } of results)
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache', accessToken })
})

test('how the user signed in before is not forgotten', async () => {
  const { bring, cache, kept } = begin()
  await bring('one')
  const document = kept()
  const [account] = Object.values(document.Account!)
  Object.assign(account!, { account_source: 'authorization_code', extra: 'field' })
  cache.deserialize(JSON.stringify(document))
  await bring('two')
  expect(Object.values(kept().Account!)).toMatchObject([{ account_source: 'authorization_code', extra: 'field' }])
})

describe('what comes of it where the server', () => {
  test('gives no new refresh token: the one that was brought is not kept', async () => {
    const { bring, client, kept } = begin(({ method }) =>
      method === 'POST' ? userToken(ada, { refresh_token: undefined }) : undefined,
    )
    const { account } = await bring('from elsewhere')
    expect(kept().RefreshToken).toBeUndefined()
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache' })
  })

  test('gives an empty one, as some do: the same', async () => {
    const { bring, kept } = begin(({ method }) =>
      method === 'POST' ? userToken(ada, { refresh_token: '' }) : undefined,
    )
    await bring('from elsewhere')
    expect(kept().RefreshToken).toBeUndefined()
  })

  test('names nobody: the token is given out and nothing kept', async () => {
    const { bring, cache } = begin(({ method }) =>
      method === 'POST' ? userToken(ada, { client_info: undefined, id_token: undefined }) : undefined,
    )
    const result = await bring('from elsewhere')
    expect(result.accessToken).toBe(`AT-${ada.uid}`)
    expect(result).not.toHaveProperty('account')
    expect(cache.serialize()).toBe('{}')
  })

  test.each([
    ['takes it for used up', 'invalid_grant', 'invalid_grant', { error_codes: [70008] }],
    ['wants a person', 'interaction_required', 'interaction_required', { error_codes: [50076], claims: '{"a":1}' }],
    ['does not know the app', 'unauthorized_client', 'unauthorized_client', { error_codes: [700016] }],
  ])('%s', async (_name, error, code, fields) => {
    const { bring, cache } = begin(({ method }) => (method === 'POST' ? refusal(error, fields) : undefined))
    expect(await errorOf(bring('from elsewhere'))).toMatchObject({ code, error, errorCodes: fields.error_codes })
    expect(cache.serialize()).toBe('{}')
  })

  test('gives an ID token that is not ours: nothing is kept', async () => {
    const { bring, cache } = begin(({ method }) =>
      method === 'POST' ? userToken(ada, { id_token: idToken({ aud: 'x' }) }) : undefined,
    )
    expect((await errorOf(bring('from elsewhere'))).code).toBe('id_token_invalid')
    expect(cache.serialize()).toBe('{}')
  })
})

test('a refusal takes nothing from who is signed in', async () => {
  const { bring, client, cache } = begin(({ form }) =>
    form['refresh_token'] === 'bad' ? refusal('invalid_grant') : undefined,
  )
  const { account } = await bring('good')
  const before = cache.serialize()
  await errorOf(bring('bad'))
  expect(cache.serialize()).toBe(before)
  expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache' })
})

test('an answer on its way does not bring back who was signed out', async () => {
  let answer = (): void => {}
  const { bring, client, service } = begin(({ method }) =>
    method === 'POST' ? new Promise<Response>((resolve) => (answer = () => resolve(userToken()))) : undefined,
  )
  const call = bring('from elsewhere')
  await until(() => service.posts().length === 1)
  const account = { homeAccountId: `${ada.uid}.${ada.utid}`, environment: 'login.microsoftonline.com' } as Account
  await removeAccount(client, { account })
  answer()
  await call
  expect(await getAccounts(client)).toEqual([])
})

test('a web app sends its secret along', async () => {
  const { client, service } = createWebApp()
  await acquireTokenByRefreshToken(client, { refreshToken: 'from elsewhere', scopes })
  expect(service.posts()[0]?.form).toMatchObject({ client_secret: 's3cret', refresh_token: 'from elsewhere' })
})

test.each<[string, object]>([
  ['no refresh token', { refreshToken: undefined }],
  ['an empty one', { refreshToken: '' }],
  ['one that is no text', { refreshToken: { secret: 'x' } }],
  ['scopes that are a text', { scopes: 'User.Read' }],
  ['a reserved scope', { scopes: ['offline_access'] }],
])('%s is a mistake of the program', async (_name, more) => {
  const { bring, service } = begin()
  expect(await rejection(bring('x', more))).toBeInstanceOf(TypeError)
  expect(service.requests).toEqual([])
})
