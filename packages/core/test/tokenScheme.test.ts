import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenByAuthorizationCode,
  acquireTokenByDeviceFlow,
  acquireTokenByRefreshToken,
  acquireTokenByUsernamePassword,
  acquireTokenForClient,
  acquireTokenInteractive,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  authorizedFetch,
  initiateAuthCodeFlow,
  removeTokensForClient,
  serializableCache,
  type AuthenticationResult,
  type CacheDocument,
  type TokenScheme,
} from '@latchkey/core'
import { boundScheme } from './fixtures/boundScheme.js'
import {
  authority,
  clientId,
  createClient,
  createClock,
  createService,
  rejection,
  scopes as appScopes,
  settle,
  start,
  tenantId,
  token,
  type Asked,
} from './fixtures/tokenService.js'
import { ada, createUserClient, createWebApp, idToken, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const nothingSent = { nonce: undefined, id_token: undefined }
/** Answers with the type and the key that were asked for. */
const bound = ({ form }: Asked, fields: Record<string, unknown> = {}): Response =>
  userToken(ada, {
    ...nothingSent,
    token_type: form['token_type'] ?? 'Bearer',
    access_token: `AT-${form['req_cnf'] ?? 'bearer'}`,
    scope: form['scope'],
    ...fields,
  })
const answer = (asked: Asked): Response | undefined => (asked.method === 'POST' ? bound(asked) : undefined)

type Acquire = (scheme: TokenScheme | undefined) => Promise<{ result: AuthenticationResult; posts: Asked[] }>
const redirectUri = 'http://localhost'

/** Each way to a user's token, with its own client. */
const flows: Record<string, Acquire> = {
  async acquireTokenByAuthCodeFlow(scheme) {
    const { client, service } = createUserClient(answer)
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri, scheme })
    const response = { code: 'code', state: flow.state }
    return {
      result: await acquireTokenByAuthCodeFlow(client, { flow, response, scheme }),
      posts: service.posts(),
    }
  },
  async acquireTokenInteractive(scheme) {
    const { client, service } = createUserClient(answer)
    const result = await acquireTokenInteractive(client, {
      ...{ scopes, scheme },
      interaction: { redirectUri, navigate: async (_url, _signal, { state }) => ({ code: 'code', state }) },
    })
    return { result, posts: service.posts() }
  },
  async acquireTokenByAuthorizationCode(scheme) {
    const { client, service } = createUserClient(answer)
    return {
      result: await acquireTokenByAuthorizationCode(client, { code: 'code', scopes, scheme }),
      posts: service.posts(),
    }
  },
  async acquireTokenByDeviceFlow(scheme) {
    const { client, service } = createUserClient(answer)
    const flow = {
      ...{ userCode: 'U', deviceCode: 'D', verificationUri: 'https://x', message: '', scope: scopes },
      ...{ interval: 5, expiresAt: start + 900, correlationId: 'id' },
    }
    return { result: await acquireTokenByDeviceFlow(client, { flow, scheme }), posts: service.posts() }
  },
  async acquireTokenByRefreshToken(scheme) {
    const { client, service } = createUserClient(answer)
    const result = await acquireTokenByRefreshToken(client, { refreshToken: 'RT', scopes, scheme })
    return { result, posts: service.posts() }
  },
  async acquireTokenByUsernamePassword(scheme) {
    const { client, service } = createUserClient((asked) =>
      asked.url.includes('userrealm') ? Response.json({ account_type: 'Managed' }) : answer(asked),
    )
    const options = { username: 'ada', password: 'pw', scopes, scheme }
    return { result: await acquireTokenByUsernamePassword(client, options), posts: service.posts() }
  },
  async acquireTokenSilent(scheme) {
    const { client, service } = createUserClient(answer)
    const { account } = await acquireTokenByRefreshToken(client, { refreshToken: 'RT', scopes })
    return {
      result: await acquireTokenSilent(client, { scopes, account, scheme, forceRefresh: true }),
      posts: service.posts().slice(1),
    }
  },
  async acquireTokenOnBehalfOf(scheme) {
    const { client, service } = createWebApp(answer)
    return {
      result: await acquireTokenOnBehalfOf(client, { userAssertion: 'A', scopes, scheme }),
      posts: service.posts(),
    }
  },
  async acquireTokenForClient(scheme) {
    const service = createService(answer)
    const client = createClient(service)
    return { result: await acquireTokenForClient(client, { scopes: appScopes, scheme }), posts: service.posts() }
  },
}

describe.each(Object.entries(flows))('%s', (_name, acquire) => {
  test('sends what the scheme adds, and gives the bound token', async () => {
    const { scheme, asked } = boundScheme('key-1')
    const { result, posts } = await acquire(scheme)
    expect(result).toMatchObject({ tokenType: 'pop', accessToken: 'AT-key-1', source: 'identity_provider' })
    expect(posts).toHaveLength(1)
    expect(posts[0]?.form).toMatchObject({ token_type: 'pop', req_cnf: 'key-1' })
    expect(posts[0]?.headers.get('dpop')).toContain('proof')
    expect(asked).toContain(`POST ${authority}/oauth2/v2.0/token key-1`)
  })

  test('sends nothing of the kind without a scheme', async () => {
    const { result, posts } = await acquire(undefined)
    expect(result).toMatchObject({ tokenType: 'Bearer', accessToken: 'AT-bearer' })
    expect(posts[0]?.form).not.toHaveProperty('req_cnf')
    expect(posts[0]?.headers.has('dpop')).toBe(false)
  })

  test('refuses a token of another type', async () => {
    const { scheme } = boundScheme('key-1', { type: 'dpop' })
    expect((await acquire(scheme)).result.tokenType).toBe('dpop')
    const liar: TokenScheme = { ...scheme, binding: async () => ({ ...(await scheme.binding()), token_type: 'pop' }) }
    expect(await rejection(acquire(liar))).toMatchObject({ code: 'invalid_response', status: 200 })
  })
})

test('the authorization request carries what the scheme adds', async () => {
  const { client } = createUserClient()
  const { scheme, asked } = boundScheme('key-1')
  const { authUri } = await initiateAuthCodeFlow(client, { scopes, redirectUri, scheme })
  expect(new URL(authUri).searchParams.get('dpop_jkt')).toBe('key-1')
  expect(asked).toEqual([`GET ${authority}/oauth2/v2.0/authorize key-1`])
})

describe('a nonce that the token endpoint wants', () => {
  const challenge = () =>
    Response.json({ error: 'use_dpop_nonce' }, { status: 400, headers: { 'dpop-nonce': 'nonce-1' } })

  test('is sent at once, once', async () => {
    const { scheme } = boundScheme('key-1', { nonce: true })
    const service = createService((asked, index) => (index === 0 ? challenge() : answer(asked)))
    const client = createClient(service)
    expect(await acquireTokenForClient(client, { scopes: appScopes, scheme })).toMatchObject({ tokenType: 'pop' })
    expect(service.posts().map(({ headers }) => headers.get('dpop'))).toEqual(['proof 1', 'proof 2 nonce-1'])
    // What was refused was no failure.
    await acquireTokenForClient(client, { scopes: ['https://other/.default'], scheme })
    expect(service.posts()[2]?.headers.get('x-client-last-telemetry')).toBe('4|0|||')
  })

  test('is not sent for ever', async () => {
    const { scheme } = boundScheme('key-1', { nonce: true })
    const service = createService((asked) => (asked.method === 'POST' ? challenge() : undefined))
    const error = await rejection(acquireTokenForClient(createClient(service), { scopes: appScopes, scheme }))
    expect(error).toMatchObject({ error: 'use_dpop_nonce', status: 400 })
    expect(service.posts()).toHaveLength(2)
  })
})

describe('in the cache', () => {
  const one = boundScheme('key-1').scheme
  const two = boundScheme('key-2').scheme
  const other = boundScheme('key-1', { type: 'dpop' }).scheme

  test('each binding has its own app token, and none is another', async () => {
    const service = createService(answer)
    const cache = serializableCache()
    const client = createClient(service, { cache })
    const round = () =>
      Promise.all(
        [undefined, one, two, other].map((scheme) => acquireTokenForClient(client, { scopes: appScopes, scheme })),
      )
    const first = await round()
    expect(first.map(({ tokenType, accessToken }) => `${tokenType} ${accessToken}`)).toEqual([
      'Bearer AT-bearer',
      'pop AT-key-1',
      'pop AT-key-2',
      'dpop AT-key-1',
    ])
    expect((await round()).map(({ source, accessToken }) => `${source} ${accessToken}`)).toEqual(
      first.map(({ accessToken }) => `cache ${accessToken}`),
    )
    expect(service.posts()).toHaveLength(4)
    const { AccessToken = {} } = JSON.parse(cache.serialize()) as CacheDocument
    const common = `-login.microsoftonline.com-`
    const rest = `-${clientId}-${tenantId}-${appScopes[0]}`
    expect(Object.keys(AccessToken)).toEqual([
      `${common}accesstoken${rest}`,
      `${common}accesstoken_with_authscheme${rest}`,
      `${common}accesstoken_with_authscheme${rest}-`,
      `${common}accesstoken_with_authscheme${rest}--`,
    ])
    expect(Object.values(AccessToken).map((e) => [e['credential_type'], e['token_type'], e['key_id']])).toEqual([
      ['AccessToken', 'Bearer', undefined],
      ['AccessToken_With_AuthScheme', 'pop', 'key-1'],
      ['AccessToken_With_AuthScheme', 'pop', 'key-2'],
      ['AccessToken_With_AuthScheme', 'dpop', 'key-1'],
    ])
    await removeTokensForClient(client)
    expect((JSON.parse(cache.serialize()) as CacheDocument).AccessToken).toEqual({})
  })

  test('what a user has beside access tokens knows nothing of the binding', async () => {
    const { client, cache } = createUserClient((asked) =>
      asked.method === 'POST' ? bound(asked, { id_token: idToken({ oid: ada.uid }) }) : undefined,
    )
    const { account } = await acquireTokenByRefreshToken(client, { refreshToken: 'RT', scopes, scheme: one })
    const document = JSON.parse(cache.serialize()) as CacheDocument
    for (const section of ['Account', 'IdToken', 'RefreshToken', 'AppMetadata'])
      for (const entity of Object.values(document[section] ?? {})) {
        expect(entity, section).not.toHaveProperty('key_id')
        expect(entity, section).not.toHaveProperty('token_type')
      }
    expect(await acquireTokenSilent(client, { scopes, account, scheme: one })).toMatchObject({
      ...{ source: 'cache', tokenType: 'pop', idTokenClaims: { oid: ada.uid } },
    })
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({
      ...{ source: 'identity_provider', tokenType: 'Bearer' },
    })
  })

  test('nothing is kept of a token of another type', async () => {
    const service = createService(({ method }) => (method === 'POST' ? token() : undefined))
    const cache = serializableCache()
    await rejection(acquireTokenForClient(createClient(service, { cache }), { scopes: appScopes, scheme: one }))
    expect(JSON.parse(cache.serialize() || '{}')).toEqual({})
  })

  test.each<[string, object]>([
    ['MSAL JS', { credential_type: 'AccessToken_With_AuthScheme', token_type: 'pop', key_id: 'key-1' }],
    ['MSAL .NET', { credential_type: 'AccessToken_With_AuthScheme', token_type: 'pop', kid: 'key-1' }],
    ['MSAL Python', { credential_type: 'AccessToken', token_type: 'pop', key_id: 'key-1' }],
  ])('an entry of %s is for its key only', async (_name, fields) => {
    const entity = {
      ...{ home_account_id: null, environment: 'login.windows.net', client_id: clientId, realm: tenantId },
      ...{ target: appScopes[0]!, secret: 'AT-theirs', cached_at: `${start}`, expires_on: `${start + 3600}` },
      ...fields,
    }
    const cache = serializableCache(JSON.stringify({ AccessToken: { any: entity } }))
    const client = createClient(createService(answer), { cache })
    const acquire = (scheme?: TokenScheme) => acquireTokenForClient(client, { scopes: appScopes, scheme })
    expect((await acquire()).accessToken).toBe('AT-bearer')
    expect((await acquire(two)).accessToken).toBe('AT-key-2')
    expect((await acquire(other)).tokenType).toBe('dpop')
    expect(await acquire(one)).toMatchObject({ source: 'cache', accessToken: 'AT-theirs' })
  })

  test('a pop entry without a key is nobody’s', async () => {
    const entity = {
      ...{ home_account_id: null, environment: 'login.windows.net', client_id: clientId, realm: tenantId },
      ...{ target: appScopes[0]!, secret: 'AT-theirs', cached_at: `${start}`, expires_on: `${start + 3600}` },
      ...{ credential_type: 'AccessToken', token_type: 'pop' },
    }
    const cache = serializableCache(JSON.stringify({ AccessToken: { any: entity } }))
    const client = createClient(createService(answer), { cache })
    for (const scheme of [undefined, one, other])
      expect((await acquireTokenForClient(client, { scopes: appScopes, scheme })).source).toBe('identity_provider')
  })

  test('a refresh in the background keeps the binding', async () => {
    const clock = createClock()
    const service = createService((asked, index) =>
      asked.method === 'POST'
        ? bound(asked, { access_token: `AT-${index}`, expires_in: 86_400, refresh_in: 43_200 })
        : undefined,
    )
    const client = createClient(service, { now: clock.now })
    const acquire = () => acquireTokenForClient(client, { scopes: appScopes, scheme: one })
    await acquire()
    clock.seconds += 43_201
    expect(await acquire()).toMatchObject({ accessToken: 'AT-0', source: 'cache' })
    await settle()
    expect(await acquire()).toMatchObject({ accessToken: 'AT-1', source: 'cache', tokenType: 'pop' })
    expect(service.posts()[1]?.form).toMatchObject({ req_cnf: 'key-1' })
  })

  test('calls at the same time never mix', async () => {
    const schemes = [undefined, one, two, other]
    const call = fc.record({ scheme: fc.nat(3), user: fc.boolean(), claims: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 12 }), fc.scheduler(), async (calls, scheduler) => {
        const { client } = createWebApp(async (asked) => {
          await scheduler.schedule(Promise.resolve(), asked.url)
          return answer(asked) ?? new Response('', { status: 404 })
        })
        const running = calls.map(({ scheme: index, user, claims: isChallenged }) => {
          const scheme = schemes[index]
          const claims = isChallenged ? '{}' : undefined
          return user
            ? acquireTokenOnBehalfOf(client, { userAssertion: 'A', scopes, scheme, claims })
            : acquireTokenForClient(client, { scopes: appScopes, scheme, claims })
        })
        const all = Promise.all(running)
        await scheduler.waitFor(all)
        for (const [index, { accessToken, tokenType }] of (await all).entries()) {
          const binding = await schemes[calls[index]!.scheme]?.binding()
          expect(accessToken).toBe(`AT-${binding?.key_id ?? 'bearer'}`)
          expect(tokenType).toBe(binding?.token_type ?? 'Bearer')
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('authorizedFetch', () => {
  const claims = '{"access_token":{"nbf":{"essential":true}}}'
  const unauthorized = (headers: Record<string, string>) => () => new Response('', { status: 401, headers })
  const nonceChallenge = unauthorized({ 'dpop-nonce': 'n-1' })
  const claimsChallenge = unauthorized({
    'www-authenticate': `PoP error="insufficient_claims", claims="${btoa(claims)}"`,
  })
  const ok = () => new Response('ok')

  function begin(answers: (() => Response)[], tokenType = 'pop') {
    const sent: string[] = []
    const wishes: unknown[] = []
    const send = authorizedFetch(
      async ({ claims }) => {
        wishes.push(claims)
        return { accessToken: `AT-${wishes.length}`, tokenType }
      },
      {
        scheme: boundScheme('key-1', { nonce: true }).scheme,
        fetch: async (input) => {
          const { headers } = input as Request
          sent.push(`${headers.get('authorization')} | ${headers.get('proof')?.trim()}`)
          return (answers[sent.length - 1] ?? answers.at(-1)!)()
        },
      },
    )
    return { sent, wishes, send }
  }
  const url = 'https://api.example/me?x=1'

  test('sends a proof with the token', async () => {
    const { sent, send } = begin([ok])
    await send(url, { method: 'post', body: 'text' })
    expect(sent).toEqual([`PoP AT-1 | POST ${url}`])
  })

  test('answers a nonce, then claims, each once', async () => {
    const { sent, wishes, send } = begin([nonceChallenge, claimsChallenge, ok])
    expect((await send(url)).status).toBe(200)
    expect(sent).toEqual([`PoP AT-1 | GET ${url}`, `PoP AT-1 | GET ${url} n-1`, `PoP AT-2 | GET ${url} n-1`])
    expect(wishes).toEqual([undefined, claims])
  })

  test('answers claims, then a nonce', async () => {
    const { sent, send } = begin([claimsChallenge, nonceChallenge, ok])
    expect((await send(url)).status).toBe(200)
    expect(sent).toHaveLength(3)
  })

  test.each([
    ['nonces', [nonceChallenge], 2],
    ['claims', [claimsChallenge], 2],
    ['both', [nonceChallenge, claimsChallenge, nonceChallenge], 3],
  ])('gives up where the resource never has enough: %s', async (_name, answers, times) => {
    const { sent, send } = begin(answers)
    expect((await send(url)).status).toBe(401)
    expect(sent).toHaveLength(times)
  })

  test('sends a stream once', async () => {
    const { sent, send } = begin([nonceChallenge])
    const body = new Blob(['streamed']).stream()
    expect((await send(url, { method: 'POST', body, duplex: 'half' } as RequestInit)).status).toBe(401)
    expect(sent).toHaveLength(1)
  })

  test('does not send a bearer token as a bound one', async () => {
    const { sent, send } = begin([ok], 'Bearer')
    expect(await rejection(send(url))).toBeInstanceOf(TypeError)
    expect(sent).toEqual([])
  })
})
