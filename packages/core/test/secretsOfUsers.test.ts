import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenByAuthorizationCode,
  acquireTokenByDeviceFlow,
  acquireTokenByRefreshToken,
  acquireTokenByUsernamePassword,
  acquireTokenInteractive,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  AuthError,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  explain,
  initiateAuthCodeFlow,
  initiateDeviceFlow,
  isAuthError,
  serializableCache,
  type Account,
  type CacheStore,
  type ConfidentialClient,
  type PublicClient,
} from '@latchkey/core'
import { verifyIdTokenSignature } from '@latchkey/core/verify'
import { createClock, rejection, tenantId } from './fixtures/tokenService.js'
import { pythonCache } from './fixtures/userCaches.js'
import { idToken } from './fixtures/userService.js'

/** Each secret has all that a URL, a form or JSON writes in another way, and two pieces that everything keeps. */
const secretOf = (name: string): string => `${name}Zx8Q~dIst1nct/s+cr&t=%"\\ é!${name}`
const pieces = ['Zx8Q', 'dIst1nct']
const jwtOf = (name: string): string => `eyJ${name}dIst1nct.eyJ${name}Zx8Q.${name}dIst1nct`
const user = { uid: 'uid-ada', utid: tenantId, username: 'ada@contoso.com' }
const account: Account = {
  ...{ homeAccountId: `${user.uid}.${user.utid}`, environment: 'login.microsoftonline.com', username: user.username },
  ...{ realm: tenantId, authorityType: 'MSSTS' },
}
const scopes = ['User.Read']

/** What a person or a log may get to see of an error. */
function visible(error: unknown): string {
  const own = error instanceof Error ? [error.message, error.stack, ...Object.values(error)] : []
  const cause = error instanceof Error && error.cause ? visible(error.cause) : ''
  const shown = inspect(error, { depth: Infinity, showHidden: true })
  return [String(error), shown, JSON.stringify(error), explain(error), cause, ...own].join('\n')
}
function expectClean(text: string): void {
  for (const piece of pieces) expect(text).not.toContain(piece)
}

/** Every operation that has a user's secret in its hands. */
const operations: [
  name: string,
  call: (client: { user: PublicClient; app: ConfidentialClient }) => Promise<unknown>,
][] = [
  [
    'a code and its verifier',
    async ({ user: client }) => {
      const flow = {
        ...(await initiateAuthCodeFlow(client, { scopes, redirectUri: 'https://app.example' })),
        codeVerifier: secretOf('verifier'),
        nonce: secretOf('nonce'),
      }
      return acquireTokenByAuthCodeFlow(client, { flow, response: { state: flow.state, code: secretOf('code') } })
    },
  ],
  [
    'a code of a web app',
    async ({ app: client }) => {
      const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri: 'https://app.example' })
      return acquireTokenByAuthCodeFlow(client, {
        flow: { ...flow, codeVerifier: secretOf('verifier') },
        response: { state: flow.state, code: secretOf('code'), client_info: secretOf('info') },
      })
    },
  ],
  [
    'a code that the caller checked',
    ({ user }) =>
      acquireTokenByAuthorizationCode(user, {
        scopes,
        code: secretOf('code'),
        codeVerifier: secretOf('verifier'),
        nonce: secretOf('nonce'),
      }),
  ],
  [
    'an interaction',
    ({ user }) =>
      acquireTokenInteractive(user, {
        scopes,
        interaction: {
          redirectUri: 'http://localhost',
          navigate: async (url) => ({ state: new URL(url).searchParams.get('state')!, code: secretOf('code') }),
        },
      }),
  ],
  [
    'a password',
    ({ user }) => acquireTokenByUsernamePassword(user, { scopes, username: 'ada', password: secretOf('password') }),
  ],
  ['a refresh token', ({ user }) => acquireTokenByRefreshToken(user, { scopes, refreshToken: secretOf('refresh') })],
  ['a refresh token of the cache', ({ user }) => acquireTokenSilent(user, { scopes, account, forceRefresh: true })],
  ['an assertion', ({ app }) => acquireTokenOnBehalfOf(app, { scopes, userAssertion: jwtOf('assertion') })],
  [
    'a device code',
    ({ user }) =>
      acquireTokenByDeviceFlow(user, {
        flow: {
          ...{ userCode: 'AB', verificationUri: 'https://x', message: '', scope: [], correlationId: 'c' },
          ...{ deviceCode: secretOf('device'), interval: 1, expiresAt: 1 },
        },
      }),
  ],
]

type Fetch = (url: string, init: RequestInit) => Response | Promise<Response>
const isTokenRequest = (url: string): boolean => url.endsWith('/token')
/** Discovery and realms are fine; what the token endpoint says is the test's. */
const service =
  (token: Fetch): Fetch =>
  (url, init) =>
    isTokenRequest(url) ? token(url, init) : Response.json({ account_type: 'Managed' })

function createClients(answer: Fetch, more: object = {}) {
  const lines: string[] = []
  const { now } = createClock()
  const document = pythonCache(user)
  for (const section of [document.RefreshToken!, document.AccessToken!, document.IdToken!])
    for (const entity of Object.values(section)) entity['secret'] = secretOf('cached')
  const options = {
    clientId: '11111111-2222-3333-4444-555555555555',
    authority: `https://login.microsoftonline.com/${tenantId}`,
    ...{ now, env: {}, maxRetries: 0, timeout: 200, logPii: true, httpCache: new Map<string, unknown>() },
    cache: serializableCache(JSON.stringify(document)) as CacheStore,
    fetch: (async (url: string, init: RequestInit) => answer(url, init)) as typeof globalThis.fetch,
    logger: (...line: unknown[]): void => void lines.push(inspect(line, { depth: Infinity })),
    ...more,
  }
  const publicApp = createPublicClient(options)
  const app = createConfidentialClient({ ...options, credential: clientSecret(secretOf('secret')) })
  return { clients: { user: publicApp, app }, lines, httpCache: options.httpCache }
}

/** Calls three times, the third while the answer may be kept; everything that can be seen must be clean. */
async function fail(call: (typeof operations)[number][1], answer: Fetch, more: object = {}): Promise<unknown[]> {
  const { clients, lines, httpCache } = createClients(answer, more)
  const errors: unknown[] = []
  for (let time = 0; time < 2; time++) errors.push(await rejection(call(clients)))
  for (const error of errors) expect(isAuthError(error) || error instanceof TypeError, String(error)).toBe(true)
  expectClean([...errors.map(visible), ...lines, inspect(httpCache, { depth: Infinity })].join('\n'))
  return errors
}

describe.each(operations)('%s is in nothing that can be seen', (_operation, call) => {
  const fields = [
    'error',
    'error_description',
    'suberror',
    'claims',
    'correlation_id',
    'trace_id',
    'timestamp',
    'error_codes',
    'other',
  ]
  const wrappings: [string, (body: string) => string][] = [
    ['as it is', (body) => body],
    ['decoded', (body) => [...new URLSearchParams(body)].map((pair) => pair.join('=')).join('&')],
    ['encoded twice', (body) => encodeURIComponent(encodeURIComponent(body))],
    ['as JSON', (body) => JSON.stringify(Object.fromEntries(new URLSearchParams(body)))],
  ]
  test.each(wrappings)('when the server sends the request back %s', async (_how, wrap) => {
    for (const status of [400, 401, 500])
      for (const field of fields)
        await fail(
          call,
          service((_url, { body }) =>
            Response.json({ error: 'invalid_grant', [field]: wrap(String(body)) }, { status }),
          ),
        )
    await fail(
      call,
      service((_url, { body }) => new Response(wrap(String(body)), { status: 400 })),
    )
    await fail(
      call,
      service((_url, { body }) => new Response(wrap(String(body)))),
    )
  })

  test.each<[string, Fetch]>([
    ['a refusal', () => Response.json({ error: 'invalid_grant', suberror: 'bad_token' }, { status: 400 })],
    ['429', () => new Response('', { status: 429, headers: { 'retry-after': '30' } })],
    ['503', () => new Response('', { status: 503 })],
    ['no token', () => Response.json({ token_type: 'Bearer', refresh_token: secretOf('new') })],
    [
      'half an answer',
      () => new Response(`{"access_token":"${jwtOf('new')}`, { headers: { 'content-type': 'application/json' } }),
    ],
    [
      'a token under another type',
      () => new Response(JSON.stringify({ access_token: jwtOf('new') }), { headers: { 'content-type': 'text/plain' } }),
    ],
    [
      'an ID token of somebody else',
      () =>
        Response.json({
          access_token: jwtOf('new'),
          id_token: idToken({ aud: secretOf('aud'), nonce: secretOf('n') }),
        }),
    ],
    ['an ID token that is none', () => Response.json({ access_token: jwtOf('new'), id_token: jwtOf('id') })],
    [
      'an ID token under a wrong issuer',
      () =>
        Response.json({ access_token: jwtOf('new'), id_token: idToken({ iss: `https://${pieces.join('')}.example` }) }),
    ],
    [
      'a reset',
      () =>
        Promise.reject(
          Object.assign(new TypeError('fetch failed'), {
            cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }),
          }),
        ),
    ],
    ['nothing', () => new Promise<Response>(() => {})],
  ])('after %s', async (_what, token) => {
    await fail(call, service(token))
  })

  test('when the cache fails after the answer', async () => {
    const cache: CacheStore = {
      get: () => pythonCache({ ...user, username: secretOf('cached') }),
      update: () => Promise.reject(new AuthError('cache_locked', 'Cannot write the cache: it is locked')),
    }
    const token = () =>
      Response.json({
        access_token: jwtOf('new'),
        refresh_token: secretOf('new'),
        client_info: Buffer.from(JSON.stringify(user)).toString('base64url'),
      })
    const [error] = await fail(call, service(token), { cache })
    expect((error as AuthError).code).toMatch(/^(cache_locked|expired)$/)
  })

  test('when the keys do not fit the signature', async () => {
    const signed = idToken({ nonce: undefined }, { alg: 'RS256', kid: 'one' }).replace(/c2ln$/, 'Zx8QdIst1nct')
    const keys: Fetch = (url) =>
      url.endsWith('/keys')
        ? Response.json({ keys: [] })
        : isTokenRequest(url)
          ? Response.json({ access_token: jwtOf('new'), id_token: signed })
          : Response.json({ account_type: 'Managed' })
    await fail(call, keys, { verifyIdToken: verifyIdTokenSignature })
  })
})

test('a silent refresh that fails in the background logs no secret', async () => {
  const document = pythonCache(user)
  Object.assign(Object.values(document.AccessToken!)[0]!, { secret: secretOf('old'), refresh_on: '1' })
  Object.values(document.RefreshToken!)[0]!['secret'] = secretOf('refresh')
  const cache = serializableCache(JSON.stringify(document))
  const { clients, lines } = createClients(
    service((_url, { body }) =>
      Response.json({ error: 'invalid_grant', error_description: String(body) }, { status: 400 }),
    ),
    { cache },
  )
  const refreshes: Promise<unknown>[] = []
  await acquireTokenSilent(clients.user, { scopes, account, waitUntil: (refresh) => void refreshes.push(refresh) })
  await Promise.all(refreshes)
  expect(lines.join()).toContain('Cannot refresh')
  expectClean(lines.join('\n'))
})

test('the answers that a device is asked with, and the page, tell nothing either', async () => {
  const { clients } = createClients((_url, { body }) =>
    Response.json(
      { error: 'invalid_client', error_description: `${body}`, device_code: secretOf('device') },
      { status: 400 },
    ),
  )
  expectClean(visible(await rejection(initiateDeviceFlow(clients.user, { scopes, claims: '{}' }))))
})

test.each<[string, Record<string, string>]>([
  ['another state', { state: secretOf('state'), code: secretOf('code') }],
  ['another issuer', { state: 'the-state', iss: 'https://evil.example', code: secretOf('code') }],
  ['a JWT', { state: 'the-state', response: jwtOf('response'), code: secretOf('code') }],
  ['a token in it', { state: 'the-state', id_token: jwtOf('id'), code: secretOf('code') }],
  [
    'a refusal with more',
    { state: 'the-state', error: 'access_denied', code: secretOf('code'), access_token: jwtOf('token') },
  ],
])('an answer with %s is told without what is in it', async (_name, response) => {
  const { clients } = createClients(service(() => new Response('', { status: 500 })))
  const options = { scopes, redirectUri: 'https://app.example', state: 'the-state' }
  const flow = { ...(await initiateAuthCodeFlow(clients.user, options)), codeVerifier: secretOf('verifier') }
  expectClean(visible(await rejection(acquireTokenByAuthCodeFlow(clients.user, { flow, response }))))
})

test('wrong arguments are named, not quoted', async () => {
  const { clients } = createClients(() => new Response(''))
  const { user: client, app } = clients
  const secret = { secret: secretOf('x') } as never
  const calls = [
    () => acquireTokenByAuthCodeFlow(client, { flow: secretOf('flow') as never, response: {} }),
    () =>
      acquireTokenByAuthCodeFlow(client, { flow: { state: 's', scope: [] }, response: secretOf('response') as never }),
    () => acquireTokenByAuthorizationCode(client, { code: secret, scopes }),
    () => acquireTokenByRefreshToken(client, { refreshToken: secret, scopes }),
    () => acquireTokenByUsernamePassword(client, { username: secretOf('name'), password: secret }),
    () => acquireTokenOnBehalfOf(app, { userAssertion: secret, scopes }),
    () => acquireTokenByDeviceFlow(client, { flow: { deviceCode: secret } as never }),
    () => acquireTokenSilent(client, { scopes: [secretOf('scope')], account }),
    () => acquireTokenSilent(client, { scopes, account: secretOf('account') as never }),
    () => acquireTokenByRefreshToken(client, { refreshToken: secretOf('refresh'), scopes: ['openid'] }),
  ]
  for (const call of calls) {
    const error = await rejection(call())
    expect(error).toBeInstanceOf(TypeError)
    expectClean(visible(error))
  }
})
