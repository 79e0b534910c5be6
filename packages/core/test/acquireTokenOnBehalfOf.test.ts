import { describe, expect, test } from 'vitest'
import {
  acquireTokenOnBehalfOf,
  clientSecret,
  createConfidentialClient,
  needsInteraction,
  serializableCache,
  type AcquireTokenOnBehalfOfOptions,
  type AuthError,
  type CacheDocument,
  type ConfidentialClientOptions,
} from '@latchkey/core'
import { authority, clientId, createClock, createService, rejection, type Asked } from './fixtures/tokenService.js'
import { ada, bob, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** An API; who calls it is the assertion's text. */
function begin(
  answer: (asked: Asked) => Response | undefined = () => undefined,
  options: Partial<ConfidentialClientOptions> = {},
) {
  const clock = createClock()
  const service = createService((asked) =>
    asked.method === 'POST'
      ? (answer(asked) ?? userToken(asked.form['assertion'] === 'of bob' ? bob : ada))
      : undefined,
  )
  const cache = serializableCache()
  const all = { clientId, authority, cache, fetch: service.fetch, now: clock.now, maxRetries: 0 }
  const client = createConfidentialClient({ ...all, credential: clientSecret('s'), ...options })
  const acquire = (more: Partial<AcquireTokenOnBehalfOfOptions> = {}) =>
    acquireTokenOnBehalfOf(client, { userAssertion: 'of ada', scopes, ...more })
  const grants = () => service.posts().map(({ form }) => form['grant_type'])
  return { acquire, cache, clock, service, grants }
}
const errorOf = async (call: Promise<unknown>): Promise<AuthError> => (await rejection(call)) as AuthError

test('asks with the assertion, and keeps what it got for this assertion alone', async () => {
  const { acquire, service, cache } = begin()
  expect(await acquire()).toMatchObject({ accessToken: `AT-${ada.uid}`, account: { username: ada.username } })
  expect(service.posts()[0]?.form).toMatchObject({
    grant_type: jwtBearer,
    assertion: 'of ada',
    requested_token_use: 'on_behalf_of',
    scope: 'User.Read offline_access openid profile',
  })
  expect(await acquire()).toMatchObject({ source: 'cache', accessToken: `AT-${ada.uid}` })
  expect(await acquire({ userAssertion: 'of bob' })).toMatchObject({ accessToken: `AT-${bob.uid}` })
  expect(await acquire({ userAssertion: 'of ada, again' })).toMatchObject({ source: 'identity_provider' })
  expect(service.posts()).toHaveLength(3)
  // The assertion is a token: its hash is kept, and not itself.
  expect(cache.serialize()).not.toContain('of ada')
  const { AccessToken } = JSON.parse(cache.serialize()) as CacheDocument
  expect(new Set(Object.values(AccessToken!).map(({ userAssertionHash }) => userAssertionHash)).size).toBe(3)
})

test('calls with one assertion at once share a request', async () => {
  const { acquire, service } = begin()
  const all = await Promise.all([acquire(), acquire(), acquire({ userAssertion: 'of bob' }), acquire()])
  expect(all.map(({ accessToken }) => accessToken)).toEqual([ada, ada, bob, ada].map(({ uid }) => `AT-${uid}`))
  expect(service.posts()).toHaveLength(2)
})

test('a challenge goes through to the server, past the cache', async () => {
  const { acquire, service } = begin(undefined, { clientCapabilities: ['CP1'] })
  await acquire()
  await acquire({ claims: '{"access_token":{"acrs":{"value":"c1"}}}' })
  expect(service.posts()).toHaveLength(2)
  expect(JSON.parse(service.posts()[1]!.form['claims']!)).toEqual({
    access_token: { acrs: { value: 'c1' }, xms_cc: { values: ['CP1'] } },
  })
})

test('what the server wants of the user comes back for the caller', async () => {
  const claims = '{"access_token":{"acrs":{"value":"c1"}}}'
  const { acquire, cache } = begin(() => refusal('interaction_required', { claims, suberror: 'basic_action' }))
  const error = await errorOf(acquire())
  expect(error).toMatchObject({ code: 'interaction_required', claims })
  expect(needsInteraction(error)).toBe(true)
  expect(cache.serialize()).not.toContain('AccessToken')
})

describe('once the assertion is over', () => {
  const over = ({ form }: Asked) =>
    form['grant_type'] === jwtBearer ? refusal('invalid_grant', { error_codes: [500133] }) : undefined

  test.each([
    [true, [jwtBearer, jwtBearer, 'refresh_token']],
    [false, [jwtBearer, jwtBearer]],
  ])('longRunning %s', async (longRunning, expected) => {
    let isOver = false
    const { acquire, clock, grants } = begin((asked) => (isOver ? over(asked) : undefined))
    await acquire()
    isOver = true
    clock.seconds += 3500
    const call = acquire({ longRunning })
    if (longRunning)
      expect(await call).toMatchObject({ source: 'identity_provider', account: { username: ada.username } })
    else expect((await errorOf(call)).errorCodes).toEqual([500133])
    expect(grants()).toEqual(expected)
  })

  test('nobody else’s refresh token is used', async () => {
    let isOver = false
    const { acquire, grants } = begin((asked) => (isOver ? over(asked) : undefined))
    await acquire()
    isOver = true
    expect((await errorOf(acquire({ userAssertion: 'of bob', longRunning: true }))).code).toBe('invalid_grant')
    expect(grants()).toEqual([jwtBearer, jwtBearer])
  })
})

test.each<[name: string, options: object]>([
  ['no assertion', { userAssertion: undefined }],
  ['an empty assertion', { userAssertion: '' }],
  ['an assertion that is no text', { userAssertion: {} }],
  ['no scopes', { scopes: undefined }],
  ['a reserved scope', { scopes: ['openid'] }],
])('%s is a mistake of the program', async (_name, options) => {
  const { acquire, service } = begin()
  expect(await rejection(acquire(options))).toBeInstanceOf(TypeError)
  expect(service.requests).toEqual([])
})
