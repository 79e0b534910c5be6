import { describe, expect, it } from 'vitest'
import {
  acquireTokenForClient,
  AuthError,
  clientSecret,
  createConfidentialClient,
  explain,
  removeTokensForClient,
  serializableCache,
  type ConfidentialClientOptions,
} from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'

/** An emulator in this process, and a client of it. */
function setUp(options: Partial<ConfidentialClientOptions> = {}) {
  const emulator = createEmulator()
  const { authority, clientId, clientSecret: secret, scope } = emulator.defaults
  const create = (more: Partial<ConfidentialClientOptions> = {}) =>
    createConfidentialClient({
      ...{ clientId, authority, credential: clientSecret(secret), fetch: emulator.fetch, maxRetries: 0 },
      ...options,
      ...more,
    })
  return { emulator, create, client: create(), scopes: [scope] }
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no rejection',
    (error: unknown) => error,
  )

describe('acquireTokenForClient', () => {
  it('gets a token with one request, then answers from the cache', async () => {
    const { emulator, client, scopes } = setUp()
    const first = await acquireTokenForClient(client, { scopes })
    expect(first).toMatchObject({ source: 'identity_provider', tokenType: 'Bearer', scopes })
    expect(first.expiresOn.getTime()).toBeGreaterThan(Date.now())
    const second = await acquireTokenForClient(client, { scopes })
    expect(second).toMatchObject({ source: 'cache', accessToken: first.accessToken })
    expect(emulator.requests.map(({ method, status }) => [method, status])).toEqual([['POST', 200]])
  })

  it('makes one request for equal calls at the same time', async () => {
    const { emulator, client, scopes } = setUp()
    const results = await Promise.all(Array.from({ length: 50 }, () => acquireTokenForClient(client, { scopes })))
    expect(new Set(results.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(emulator.requests.length).toBe(1)
  })

  it('finds out the tenant of a domain', async () => {
    const { emulator, create, scopes } = setUp()
    const { domain } = emulator.defaults
    const client = create({ authority: `https://login.microsoftonline.com/${domain}` })
    await acquireTokenForClient(client, { scopes })
    expect(emulator.requests.map(({ method }) => method)).toEqual(['GET', 'POST'])
  })

  it('is refused to a wrong secret, which is in nothing that can be printed', async () => {
    const { create, scopes } = setUp()
    const client = create({ credential: clientSecret('dIst1nct~wrong') })
    const error = await rejection(acquireTokenForClient(client, { scopes }))
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code: 'invalid_client', errorCodes: [7000215] })
    expect(explain(error)).toContain("secret's value")
    expect(`${error as Error}${(error as Error).stack}${JSON.stringify(error)}`).not.toContain('dIst1nct')
  })

  it('asks again after a refusal', async () => {
    const { emulator, client, scopes } = setUp()
    emulator.faults.add({ kind: 'reset', times: 1 })
    expect(await rejection(acquireTokenForClient(client, { scopes }))).toMatchObject({ code: 'network_error' })
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
  })

  it('tries again where it may', async () => {
    const { emulator, create, scopes } = setUp({ maxRetries: 1 })
    emulator.faults.add({ status: 503, retryAfter: 0, times: 1 })
    expect(await acquireTokenForClient(create(), { scopes })).toMatchObject({ source: 'identity_provider' })
    expect(emulator.requests.map(({ status }) => status)).toEqual([503, 200])
  })

  it('does not ask while the server wants rest', async () => {
    const { emulator, client, scopes } = setUp()
    emulator.faults.add({ status: 429, retryAfter: 60, times: 1 })
    for (let call = 0; call < 3; call++)
      expect(await rejection(acquireTokenForClient(client, { scopes }))).toMatchObject({
        code: 'throttled',
        status: 429,
      })
    expect(emulator.requests.length).toBe(1)
  })

  it('can be given up, before and while it runs', async () => {
    const { emulator, client, scopes } = setUp()
    const early = acquireTokenForClient(client, { scopes, signal: AbortSignal.abort() })
    expect(await rejection(early)).toMatchObject({ code: 'user_cancelled' })
    expect(emulator.requests.length).toBe(0)
    emulator.faults.add({ kind: 'slow', delay: 60_000 })
    const controller = new AbortController()
    const calling = rejection(acquireTokenForClient(client, { scopes, signal: controller.signal }))
    setTimeout(() => controller.abort(), 1)
    expect(await calling).toMatchObject({ code: 'user_cancelled' })
  })

  it.each(['slow', 'stall'] as const)('ends in time when the server is %s', async (kind) => {
    const { emulator, create, scopes } = setUp({ timeout: 50 })
    emulator.faults.add(kind === 'slow' ? { kind, delay: 60_000 } : { kind })
    expect(await rejection(acquireTokenForClient(create(), { scopes }))).toMatchObject({ code: 'timeout' })
  })

  it.each([
    ['html', 'invalid_response'],
    ['empty', 'invalid_response'],
    ['huge', 'invalid_response'],
    ['deep-json', 'invalid_response'],
    ['wrong-content-type', 'invalid_response'],
    ['redirect', 'invalid_response'],
    ['truncated', 'network_error'],
  ] as const)('takes no token from an answer that is %s', async (kind, code) => {
    const { emulator, create, scopes } = setUp()
    const cache = serializableCache()
    emulator.faults.add({ kind })
    expect(await rejection(acquireTokenForClient(create({ cache }), { scopes }))).toMatchObject({ code })
    expect(cache.serialize()).toBe('{}')
  })

  it('refreshes a token that is due, and returns the old one when that fails', async () => {
    let now = Date.now()
    const emulator = createEmulator({ now: () => now, tokenLifetime: 7200, refreshIn: 3600 })
    const { authority, clientId, clientSecret: secret, scope } = emulator.defaults
    const kept: Promise<unknown>[] = []
    const client = createConfidentialClient({
      ...{ clientId, authority, credential: clientSecret(secret), fetch: emulator.fetch, maxRetries: 0 },
      now: () => now,
      waitUntil: (promise) => void kept.push(promise),
    })
    const first = await acquireTokenForClient(client, { scopes: [scope] })
    now += 3_601_000
    emulator.faults.add({ kind: 'reset', times: 1 })
    for (let call = 0; call < 2; call++) {
      expect(await acquireTokenForClient(client, { scopes: [scope] })).toMatchObject({
        accessToken: first.accessToken,
        source: 'cache',
      })
      await Promise.all(kept)
    }
    const renewed = await acquireTokenForClient(client, { scopes: [scope] })
    expect(renewed.source).toBe('cache')
    expect(renewed.accessToken === first.accessToken).toBe(false)
  })
})

describe('serializableCache', () => {
  it('takes tokens to the next process, until they are removed', async () => {
    const { emulator, create, scopes } = setUp()
    const first = serializableCache()
    const { accessToken } = await acquireTokenForClient(create({ cache: first }), { scopes })
    expect(first.hasStateChanged).toBe(true)
    const cache = serializableCache(first.serialize())
    expect(first.hasStateChanged).toBe(false)
    const client = create({ cache })
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken, source: 'cache' })
    await removeTokensForClient(client)
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
    expect(emulator.requests.length).toBe(2)
  })

  it('refuses what is no cache', () => {
    for (const json of ['{', '[]', '{"AccessToken":[]}'])
      expect(() => serializableCache(json)).toThrow('Cannot read the token cache')
  })
})

it('wrong arguments are TypeErrors', async () => {
  const { client, create } = setUp()
  expect(() => create({ clientId: '' })).toThrow(TypeError)
  expect(() => create({ authority: 'http://login.microsoftonline.com/common' })).toThrow(TypeError)
  expect(await rejection(acquireTokenForClient(client, { scopes: ['openid'] }))).toBeInstanceOf(TypeError)
})
