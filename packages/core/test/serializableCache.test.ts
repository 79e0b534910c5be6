import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acquireTokenForClient, AuthError, removeTokensForClient, serializableCache } from '@latchkey/core'
import { authority, clientId, createClient, createService, scopes, start, tenantId } from './fixtures/tokenService.js'

const key = `-login.microsoftonline.com-accesstoken-${clientId}-${tenantId}-${scopes[0]}`
const entity = {
  credential_type: 'AccessToken',
  secret: 'AT-stored',
  home_account_id: null,
  environment: 'login.microsoftonline.com',
  client_id: clientId,
  realm: tenantId,
  target: scopes[0],
  token_type: 'Bearer',
  cached_at: `${start}`,
  expires_on: `${start + 3599}`,
  extended_expires_on: `${start + 3599}`,
}
const document = { AccessToken: { [key]: entity } }
const read = (json: string): Record<string, Record<string, object>> => JSON.parse(json) as never

test('is written as MSAL Python writes it', async () => {
  const cache = serializableCache()
  await acquireTokenForClient(createClient(createService(), { cache }), { scopes })
  expect(read(cache.serialize())).toEqual({
    AccessToken: { [key]: { ...entity, secret: 'AT-1' } },
    AppMetadata: {
      [`appmetadata-login.microsoftonline.com-${clientId}`]: {
        client_id: clientId,
        environment: 'login.microsoftonline.com',
      },
    },
  })
})

test('what was written serves the next process', async () => {
  const service = createService()
  const first = serializableCache()
  const { accessToken } = await acquireTokenForClient(createClient(service, { cache: first }), { scopes })
  const cache = serializableCache(first.serialize())
  expect(await acquireTokenForClient(createClient(service, { cache }), { scopes })).toMatchObject({
    accessToken,
    source: 'cache',
  })
  expect(service.requests).toHaveLength(1)
})

test('an empty one is an empty object', () => {
  for (const json of [undefined, '', '{}', null as never]) expect(serializableCache(json).serialize()).toBe('{}')
})

describe('hasStateChanged', () => {
  test('is true from a write until it is written out', async () => {
    const cache = serializableCache()
    const client = createClient(createService(), { cache })
    expect(cache.hasStateChanged).toBe(false)
    await acquireTokenForClient(client, { scopes })
    expect(cache.hasStateChanged).toBe(true)
    const json = cache.serialize()
    expect(cache.hasStateChanged).toBe(false)
    await acquireTokenForClient(client, { scopes })
    expect(cache.hasStateChanged).toBe(false)
    await removeTokensForClient(client)
    expect(cache.hasStateChanged).toBe(true)
    cache.deserialize(json)
    expect(cache.hasStateChanged).toBe(false)
  })

  test('stays false after a refusal', async () => {
    const cache = serializableCache()
    const service = createService(() => Response.json({ error: 'invalid_client' }, { status: 401 }))
    await acquireTokenForClient(createClient(service, { cache }), { scopes }).catch(() => {})
    expect(cache.hasStateChanged).toBe(false)
    expect(cache.serialize()).toBe('{}')
  })
})

test('deserialize replaces everything, the index too', async () => {
  const service = createService()
  const cache = serializableCache(JSON.stringify(document))
  const client = createClient(service, { cache })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-stored' })
  cache.deserialize(JSON.stringify({ AccessToken: { other: { ...entity, secret: 'AT-other' } } }))
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-other', source: 'cache' })
  cache.deserialize()
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
})

test('what somebody else writes into it is found', async () => {
  const cache = serializableCache()
  const client = createClient(createService(), { cache })
  await acquireTokenForClient(client, { scopes })
  await cache.update('', (current) => ({ ...current, AccessToken: { other: { ...entity, secret: 'AT-other' } } }))
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-other', source: 'cache' })
  await cache.update('', (current) =>
    Object.assign(current!, { AccessToken: { third: { ...entity, secret: 'AT-third' } } }),
  )
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-third', source: 'cache' })
})

describe('keeps', () => {
  test('sections and fields that nobody knows, through reading, writing and renewing', async () => {
    const unknown = {
      AccessToken: { [key]: { ...entity, future_field: { deep: ['x'] } }, 'not a token': { x: 1 } },
      RefreshToken: { 'a user’s': { secret: 'RT', future_field: 1 } },
      IdToken: {},
      Account: { user: { name: 'Dana', tenantProfiles: ['{"a":1}'] } },
      AppMetadata: { other: { client_id: 'other', family_id: '1' } },
      Future: { section: { field: null } },
      version: 3,
      list: [1, 2],
      nothing: null,
    }
    const cache = serializableCache(JSON.stringify(unknown))
    await acquireTokenForClient(createClient(createService(), { cache }), {
      scopes: ['https://vault.azure.net/.default'],
    })
    expect(JSON.parse(cache.serialize())).toMatchObject(unknown)
  })

  test('keys that mean something to JavaScript', async () => {
    const hostile =
      '{"__proto__":{"polluted":1},"AccessToken":{"__proto__":{"polluted":1},"constructor":{"x":1},"toString":null}}'
    const cache = serializableCache(hostile)
    expect(await acquireTokenForClient(createClient(createService(), { cache }), { scopes })).toMatchObject({
      accessToken: 'AT-1',
    })
    const json = cache.serialize()
    expect(json).toContain('"__proto__"')
    expect(Object.keys(read(json))).toEqual(['__proto__', 'AccessToken', 'AppMetadata'])
    expect(Object.keys(read(json)['AccessToken']!)).toEqual(['__proto__', 'constructor', 'toString', key])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.getPrototypeOf(cache)).toBe(Object.prototype)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'AT'],
    ['a number', 1],
    ['a list', [entity]],
    ['an empty object', {}],
    ['one without a secret', { ...entity, secret: undefined }],
    ['one whose secret is a number', { ...entity, secret: 5 }],
    ['one whose target is a list', { ...entity, target: [scopes[0]] }],
    ['one that never expires', { ...entity, expires_on: undefined }],
    ['one whose end is no time', { ...entity, expires_on: 'soon' }],
    ['one of a user who is a number', { ...entity, home_account_id: 5 }],
    ['one whose fields are objects', { ...entity, expires_on: {}, realm: {}, environment: [] }],
  ])('in place of an access token %s, and does not use it', async (_, value) => {
    const cache = serializableCache(JSON.stringify({ AccessToken: { odd: value } }))
    const result = await acquireTokenForClient(createClient(createService(), { cache }), { scopes })
    expect(result).toMatchObject({ accessToken: 'AT-1', source: 'identity_provider' })
    expect(read(cache.serialize())['AccessToken']?.['odd']).toEqual(JSON.parse(JSON.stringify(value)))
  })

  test('times as numbers, and as texts with a fraction, which it reads', async () => {
    for (const time of [start + 3599, `${start + 3599}.5`, start + 3599.5]) {
      const cache = serializableCache(JSON.stringify({ AccessToken: { odd: { ...entity, expires_on: time } } }))
      const result = await acquireTokenForClient(createClient(createService(), { cache }), { scopes })
      expect(result).toMatchObject({ source: 'cache', expiresOn: new Date((start + 3599) * 1000) })
    }
  })
})

describe('refuses, and stays as it was', () => {
  const half = JSON.stringify(document)
  test.each<[string, string]>([
    ['half a file', half.slice(0, half.length / 2)],
    ['a file with a rest behind it', `${half}}`],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"{}"'],
    ['a number', '5'],
    ['blanks', '  '],
    ['what is no JSON', 'AccessToken'],
    ['a section that is a list', '{"AccessToken":[]}'],
    ['a section that is a text', '{"RefreshToken":"RT"}'],
    ['a section that is null', '{"IdToken":null}'],
    ['a section that is a number', '{"Account":1}'],
    ['metadata that is true', '{"AppMetadata":true}'],
    ['20 MB of junk', 'x'.repeat(20e6)],
    ['1 MB of brackets', '['.repeat(1e6)],
  ])('%s', (_, json) => {
    const cache = serializableCache(JSON.stringify(document))
    for (const load of [() => cache.deserialize(json), () => serializableCache(json)]) {
      expect(load).toThrow(AuthError)
      expect(load).toThrow(expect.objectContaining({ code: 'cache_corrupt' }) as Error)
    }
    expect(JSON.parse(cache.serialize())).toEqual(document)
  })

  test('without saying what was in it', () => {
    const json = JSON.stringify({ AccessToken: ['dIst1nct-token'] })
    for (const text of [json, json.slice(0, -3), 'dIst1nct-token'])
      expect(() => serializableCache(text)).not.toThrow('dIst1nct')
  })

  test.each([5, {}, [], true, new Uint8Array()])('what is no text: %o', (value) => {
    expect(() => serializableCache(value as never)).toThrow(TypeError)
    expect(() => serializableCache(value as never)).toThrow(/token cache.*expected/)
  })
})

describe('serialize and deserialize are inverse', () => {
  const section = fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<unknown>)
  const sections = fc.constantFrom(
    'AccessToken',
    'RefreshToken',
    'IdToken',
    'Account',
    'AppMetadata',
    'Unknown',
    '__proto__',
  )

  test('for any document, before and after a write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(sections, section), async (document) => {
        const json = JSON.stringify(document)
        const cache = serializableCache(json)
        const written = cache.serialize()
        expect(JSON.parse(written)).toEqual(JSON.parse(json))
        expect(serializableCache(written).serialize()).toBe(written)
        await acquireTokenForClient(createClient(createService(), { cache }), { scopes })
        const after = read(cache.serialize())
        for (const [name, entities] of Object.entries(read(json)))
          for (const [key, entity] of Object.entries(entities)) expect(after[name]?.[key]).toEqual(entity)
      }),
      { numRuns: 300 },
    )
  })
})

test('the client is told of the file that is broken, not of the authority', () => {
  const error = (() => {
    try {
      serializableCache('{')
    } catch (thrown) {
      return thrown
    }
    return undefined
  })()
  expect(String(error)).toMatch(/^AuthError: Cannot read the token cache: /)
  expect(String(error)).not.toContain(authority)
})

test('a token whose fields cannot even be read as text is left alone, and left in the file', async () => {
  const json = '{"AccessToken":{"k":{"secret":"s","target":"t","expires_on":{"toString":1}}}}'
  const cache = serializableCache(json)
  const client = createClient(createService(), { cache })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
  expect(JSON.parse(cache.serialize())).toMatchObject(JSON.parse(json) as object)
})
