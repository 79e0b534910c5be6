import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  acquireTokenForClient,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  entraAuthority,
  AZURE_PUBLIC,
  AZURE_US_GOVERNMENT,
  type ConfidentialClient,
  type ConfidentialClientOptions,
} from '@latchkey/core'
import { badOptions } from './fixtures/badOptions.js'
import { authority, clientId } from './fixtures/tokenService.js'

const secret = 'dIst1nct~secret'
const good: ConfidentialClientOptions = { clientId, authority, credential: clientSecret(secret) }
const create = (options: object): ConfidentialClient => createConfidentialClient({ ...good, ...options })

test('makes a frozen record without methods', () => {
  const client = createConfidentialClient(good)
  expect(Object.isFrozen(client)).toBe(true)
  expect(Object.getPrototypeOf(client)).toBe(Object.prototype)
  expect(client).toMatchObject({ kind: 'confidential', clientId, timeout: 30_000, maxRetries: 1 })
  expect(client.authority).toMatchObject({ kind: 'entra', url: authority, host: AZURE_PUBLIC })
  expect(() => Object.assign(client, { clientId: 'another' })).toThrow(TypeError)
})

test('takes an authority from entraAuthority, and common where there is none', () => {
  const usGovernment = entraAuthority(AZURE_US_GOVERNMENT, 'contoso.com')
  expect(create({ authority: usGovernment }).authority.url).toBe('https://login.microsoftonline.us/contoso.com')
  expect(create({ authority: undefined }).authority.url).toBe('https://login.microsoftonline.com/common')
})

test('takes an undefined option for one that was not given', () => {
  const names = ['authority', 'oidcAuthority', 'validateAuthority', 'instanceDiscovery', 'cache', 'httpCache', 'fetch']
  const others = ['timeout', 'maxRetries', 'now', 'env', 'appName', 'appVersion', 'clientCapabilities', 'excludeScopes']
  const rest = ['waitUntil', 'logger', 'logPii', 'azureRegion']
  const options = Object.fromEntries([...names, ...others, ...rest].map((name) => [name, undefined]))
  const { cache, ...client } = create(options)
  const { cache: _, ...expected } = createConfidentialClient({ clientId, credential: good.credential })
  expect(client).toEqual(expected)
  expect(cache.get).toBeTypeOf('function')
})

test('gives each client a cache of its own', () => {
  expect(create({}).cache).not.toBe(create({}).cache)
  expect(create({}).httpCache).not.toBe(create({}).httpCache)
})

test('leaves the options as they were', () => {
  const options = Object.freeze({ ...good, clientCapabilities: Object.freeze(['CP1']) })
  expect(createConfidentialClient(options).clientCapabilities).toEqual(['CP1'])
})

describe('refuses', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ...badOptions,
    ['no credential', { credential: undefined }, /credential.*a credential/],
    ['a credential that is null', { credential: null }, /credential.*a credential/],
    ['a bare secret', { credential: secret }, /credential.*a credential/],
    ['a broker', { broker: {} }, /broker.*expected none/],
    ['a region that is none', { azureRegion: 'West US' }, /azureRegion.*region/],
    ['an empty region', { azureRegion: '' }, /azureRegion.*region/],
    ['a region with a host behind it', { azureRegion: 'evil.example/' }, /azureRegion.*region/],
    ['a region that is a number', { azureRegion: 1 }, /azureRegion.*region/],
  ])('%s', (_, options, named) => {
    expect(() => create(options)).toThrow(TypeError)
    expect(() => create(options)).toThrow(named)
    expect(() => create(options)).not.toThrow(secret)
  })

  test('no options at all', () => {
    expect(() => createConfidentialClient(undefined as never)).toThrow(/clientId.*string/)
    expect(() => createConfidentialClient({} as ConfidentialClientOptions)).toThrow(/clientId.*string/)
  })

  test.each([undefined, null, '', '  ', 42, ['s']])('a secret that is %o', (value) => {
    expect(() => clientSecret(value as never)).toThrow(TypeError)
    expect(() => clientSecret(value as never)).toThrow(/Cannot use secret.*non-empty string/)
  })
})

test('does not show its secret', () => {
  const client = createConfidentialClient(good)
  expect(JSON.stringify(client)).not.toContain(secret)
  expect(String(client.credential.apply)).not.toContain(secret)
})

test('misuse does not compile', async () => {
  const misuses = [
    // @ts-expect-error a credential is required
    () => createConfidentialClient({ clientId, authority }),
    // @ts-expect-error a secret is not a credential
    () => createConfidentialClient({ ...good, credential: secret }),
    // @ts-expect-error a confidential client has no broker
    () => createConfidentialClient({ ...good, broker: {} }),
    // @ts-expect-error clientId is required
    () => createConfidentialClient({ authority, credential: good.credential }),
  ]
  for (const misuse of misuses) expect(misuse).toThrow(TypeError)
  // @ts-expect-error a public client gets no app tokens
  await expect(acquireTokenForClient(createPublicClient({ clientId }), { scopes: ['a'] })).rejects.toThrow(TypeError)
  // @ts-expect-error scopes are an array
  await expect(acquireTokenForClient(create({}), { scopes: 'a' })).rejects.toThrow(TypeError)
  const write = (client: ConfidentialClient): void => {
    // @ts-expect-error the record is frozen
    client.clientId = 'another'
  }
  expect(() => write(create({}))).toThrow(TypeError)
  expectTypeOf(create({})).toEqualTypeOf<ConfidentialClient>()
})
