import { describe, expect, test } from 'vitest'
import {
  acquireTokenForClient,
  createPublicClient,
  serializableCache,
  type AuthenticationResult,
  type CacheStore,
} from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import {
  authority,
  clientId,
  createClient,
  createClock,
  createService,
  scopes,
  start,
  tenantId,
  token,
} from './fixtures/tokenService.js'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

test('asks once, then answers from the cache', async () => {
  const service = createService()
  const client = createClient(service)
  const first = await acquireTokenForClient(client, { scopes })
  expect(first).toEqual<AuthenticationResult>({
    accessToken: 'AT-1',
    tokenType: 'Bearer',
    expiresOn: new Date((start + 3599) * 1000),
    scopes,
    source: 'identity_provider',
    correlationId: expect.stringMatching(uuid) as string,
  })
  const second = await acquireTokenForClient(client, { scopes })
  expect(second).toEqual({ ...first, source: 'cache', correlationId: expect.stringMatching(uuid) as string })
  expect(service.urls()).toEqual([`POST ${authority}/oauth2/v2.0/token`])
  expect(service.requests[0]?.form).toEqual({
    client_id: clientId,
    client_info: '1',
    client_secret: 's3cret',
    grant_type: 'client_credentials',
    scope: scopes[0],
  })
})

test('gets a token that the emulator signed', async () => {
  const emulator = createEmulator({ now: createClock().now })
  const { authority, clientId, clientSecret, scope } = emulator.defaults
  const credential = { apply: (_: unknown, body: URLSearchParams) => body.set('client_secret', clientSecret) }
  const client = createClient(emulator, { authority, clientId, credential })
  const { accessToken, scopes } = await acquireTokenForClient(client, { scopes: [scope] })
  expect(JSON.parse(atob(accessToken.split('.')[1] ?? ''))).toMatchObject({ azp: clientId, roles: ['User.Read.All'] })
  expect(scopes).toEqual([scope])
})

test('answers from the memory cache without waiting for anything', async () => {
  const client = createClient(createService())
  await acquireTokenForClient(client, { scopes })
  let isDone = false
  void acquireTokenForClient(client, { scopes }).then(() => (isDone = true))
  await Promise.resolve()
  await Promise.resolve()
  expect(isDone).toBe(true)
})

test('waits for a cache that answers later', async () => {
  const service = createService()
  const stored = new Map<string, string>()
  const cache: CacheStore = {
    get: async (partition) => JSON.parse(stored.get(partition) ?? 'null') ?? undefined,
    update: async (partition, next) => {
      const document = next(JSON.parse(stored.get(partition) ?? 'null') ?? undefined)
      stored.set(partition, JSON.stringify(document ?? null))
    },
  }
  const results = [
    await acquireTokenForClient(createClient(service, { cache }), { scopes }),
    await acquireTokenForClient(createClient(service, { cache }), { scopes }),
  ]
  expect(results.map(({ source }) => source)).toEqual(['identity_provider', 'cache'])
})

describe('time', () => {
  test.each([
    [3599 - 301, 'cache'],
    [3599 - 300, 'cache'],
    [3599 - 299, 'identity_provider'],
    [3599 + 1, 'identity_provider'],
    [-300, 'cache'],
    [-301, 'identity_provider'],
    [-100_000, 'identity_provider'],
  ])('%i s later a token of 3599 s comes from: %s', async (seconds, source) => {
    const clock = createClock()
    const client = createClient(createService(), { now: clock.now })
    await acquireTokenForClient(client, { scopes })
    clock.seconds += seconds
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source })
  })

  test('a new token is found where an expired one is', async () => {
    const clock = createClock()
    const service = createService()
    const client = createClient(service, { now: clock.now })
    await acquireTokenForClient(client, { scopes })
    clock.seconds += 3600
    await acquireTokenForClient(client, { scopes })
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'cache', accessToken: 'AT-2' })
    expect(service.posts()).toHaveLength(2)
  })
})

describe('scopes', () => {
  const granted = 'api://x/Read api://x/Write'
  const acquireAll = async (...wanted: string[][]) => {
    const service = createService(() => token({ scope: granted }))
    const client = createClient(service)
    const sources = []
    for (const scopes of wanted) sources.push((await acquireTokenForClient(client, { scopes })).source)
    return { sources, sent: service.posts().map(({ form }) => form['scope']) }
  }

  test('a token with more scopes serves, in any order and case', async () => {
    const { sources, sent } = await acquireAll(
      ['api://x/Write', 'api://x/Read'],
      ['api://x/Read'],
      ['api://x/Read', 'api://x/Write'],
      ['API://X/read'],
      ['api://x/write', 'API://x/READ'],
    )
    expect(sources).toEqual(['identity_provider', 'cache', 'cache', 'cache', 'cache'])
    expect(sent).toEqual([granted])
  })

  test('a token with fewer does not', async () => {
    const { sources } = await acquireAll(['api://x/Read'], ['api://x/Read', 'api://x/Delete'], ['api://x/Rea'])
    expect(sources).toEqual(['identity_provider', 'identity_provider', 'identity_provider'])
  })

  test('are sent once each, in code-unit order', async () => {
    const { sent } = await acquireAll(['s2', 'S1', 's1', 's2'])
    expect(sent).toEqual(['S1 s1 s2'])
  })

  test('of another resource get another token', async () => {
    const service = createService()
    const client = createClient(service)
    await acquireTokenForClient(client, { scopes })
    const other = await acquireTokenForClient(client, { scopes: ['https://vault.azure.net/.default'] })
    expect(other).toMatchObject({ source: 'identity_provider', accessToken: 'AT-2' })
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'cache', accessToken: 'AT-1' })
  })

  test.each<[string, unknown, RegExp]>([
    ['a string', 'https://graph.microsoft.com/.default', /scopes.*strings/],
    ['nothing', undefined, /scopes.*strings/],
    ['null', null, /scopes.*strings/],
    ['none', [], /scopes.*strings/],
    ['an empty one', [''], /scopes.*strings/],
    ['two in one', ['a b'], /scopes.*strings/],
    ['a number', [1], /scopes.*strings/],
    ['openid', ['openid'], /scopes.*not openid,profile,offline_access/],
    ['profile among others', ['User.Read', 'profile'], /scopes.*not openid,profile,offline_access/],
    ['offline_access', ['offline_access'], /scopes.*not openid,profile,offline_access/],
  ])('are refused as %s', async (_, wrong, message) => {
    const service = createService()
    const calling = acquireTokenForClient(createClient(service), { scopes: wrong as string[] })
    await expect(calling).rejects.toThrow(TypeError)
    await expect(calling).rejects.toThrow(message)
    expect(service.requests).toEqual([])
  })
})

describe('claims', () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'

  test('pass the cache by and renew what is in it', async () => {
    const service = createService()
    const client = createClient(service)
    await acquireTokenForClient(client, { scopes })
    const challenged = await acquireTokenForClient(client, { scopes, claims })
    expect(challenged).toMatchObject({ source: 'identity_provider', accessToken: 'AT-2' })
    expect(service.posts().map(({ form }) => form['claims'])).toEqual([undefined, claims])
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'cache', accessToken: 'AT-2' })
  })

  test('are sent as they are where there are no capabilities', async () => {
    const service = createService()
    await acquireTokenForClient(createClient(service), { scopes, claims: 'X' })
    expect(service.posts()[0]?.form['claims']).toBe('X')
  })

  test.each<[string, string | undefined, object]>([
    ['alone', undefined, { access_token: { xms_cc: { values: ['CP1', 'CP2'] } } }],
    [
      'with a challenge',
      claims,
      { access_token: { nbf: { essential: true, value: '1' }, xms_cc: { values: ['CP1', 'CP2'] } } },
    ],
    [
      'with a challenge for the ID token',
      '{"id_token":{"auth_time":{"essential":true}}}',
      { id_token: { auth_time: { essential: true } }, access_token: { xms_cc: { values: ['CP1', 'CP2'] } } },
    ],
    [
      'in place of others',
      '{"access_token":{"xms_cc":{"values":["old"]}}}',
      { access_token: { xms_cc: { values: ['CP1', 'CP2'] } } },
    ],
    ['where access_token is null', '{"access_token":null}', { access_token: { xms_cc: { values: ['CP1', 'CP2'] } } }],
  ])('capabilities are merged in %s', async (_, claims, sent) => {
    const service = createService()
    const client = createClient(service, { clientCapabilities: ['CP1', 'CP2'] })
    await acquireTokenForClient(client, { scopes, claims })
    expect(JSON.parse(service.posts()[0]?.form['claims'] ?? '')).toEqual(sent)
  })

  test('capabilities alone leave the cache in use', async () => {
    const client = createClient(createService(), { clientCapabilities: ['CP1'] })
    await acquireTokenForClient(client, { scopes })
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'cache' })
  })

  test('that are no JSON object cannot be merged', async () => {
    const service = createService()
    const client = createClient(service, { clientCapabilities: ['CP1'] })
    for (const claims of ['X', '[]', '"x"', 'null'])
      await expect(acquireTokenForClient(client, { scopes, claims })).rejects.toThrow(/claims.*JSON object/)
    expect(service.requests).toEqual([])
  })
})

describe('the correlation id', () => {
  const correlationId = 'c0ffee00-1111-4222-8333-444444444444'

  test('is the caller’s in header and result, and of a cache hit', async () => {
    const service = createService()
    const client = createClient(service)
    expect(await acquireTokenForClient(client, { scopes, correlationId })).toMatchObject({ correlationId })
    expect(service.requests[0]?.headers.get('client-request-id')).toBe(correlationId)
    expect(await acquireTokenForClient(client, { scopes, correlationId })).toMatchObject({
      correlationId,
      source: 'cache',
    })
  })

  test('is in the error, unless the server says another', async () => {
    const errors = [{ error: 'invalid_client' }, { error: 'invalid_scope', correlation_id: 'the-server-s' }]
    for (const body of errors) {
      const service = createService(() => Response.json(body, { status: 400 }))
      const error = await acquireTokenForClient(createClient(service), { scopes, correlationId }).catch(
        (thrown) => thrown,
      )
      expect(error).toMatchObject({ correlationId: body.correlation_id ?? correlationId })
    }
  })

  test('is another for each request where the caller gives none', async () => {
    const service = createService()
    const client = createClient(service)
    const results = [
      await acquireTokenForClient(client, { scopes }),
      await acquireTokenForClient(client, { scopes: ['https://vault.azure.net/.default'] }),
    ]
    const sent = service.requests.map(({ headers }) => headers.get('client-request-id'))
    expect(new Set(sent).size).toBe(2)
    expect(results.map(({ correlationId }) => correlationId)).toEqual(sent)
  })
})

test('refuses a public client, and one that is none', async () => {
  for (const client of [createPublicClient({ clientId, authority }), {}, undefined, null])
    await expect(acquireTokenForClient(client as never, { scopes })).rejects.toThrow(/confidential client/)
})

test('what a claims challenge brought is found before what another library stored for the same scopes', async () => {
  const cache = serializableCache(
    JSON.stringify({
      AccessToken: {
        'a-key-of-another-library': {
          credential_type: 'AccessToken',
          secret: 'revoked',
          home_account_id: null,
          environment: 'login.microsoftonline.com',
          client_id: clientId,
          realm: tenantId,
          target: scopes.join(' '),
          token_type: 'Bearer',
          cached_at: '0',
          expires_on: '99999999999',
        },
      },
    }),
  )
  const client = createClient(createService(), { cache })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'revoked', source: 'cache' })
  const { accessToken } = await acquireTokenForClient(client, { scopes, claims: '{"access_token":{}}' })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken, source: 'cache' })
})
