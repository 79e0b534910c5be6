import { describe, expect, test } from 'vitest'
import { clientSecret, createPublicClient, type PublicClientOptions } from '@latchkey/core'
import { badOptions } from './fixtures/badOptions.js'
import { authority, clientId } from './fixtures/tokenService.js'

const secret = 'dIst1nct~secret'
const good: PublicClientOptions = { clientId, authority }
const create = (options: object) => createPublicClient({ ...good, ...options })

test('makes a frozen record without methods', () => {
  const client = createPublicClient(good)
  expect(Object.isFrozen(client)).toBe(true)
  expect(client).toMatchObject({ kind: 'public', clientId, authority: { url: authority } })
  expect('credential' in client).toBe(false)
})

test('takes an undefined option for one that was not given', () => {
  const client = create({ credential: undefined, azureRegion: undefined, broker: undefined, timeout: undefined })
  expect(Object.keys(client)).toEqual(Object.keys(createPublicClient(good)))
  expect(client.timeout).toBe(30_000)
})

test('keeps its broker', () => {
  const broker = { name: 'one' }
  expect(create({ broker }).broker).toBe(broker)
})

describe('refuses', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ...badOptions,
    ['a credential', { credential: clientSecret(secret) }, /credential.*expected none/],
    ['a secret', { credential: secret }, /credential.*expected none/],
    ['a region', { azureRegion: 'westus2' }, /azureRegion.*expected none/],
    ['a region to find out', { azureRegion: true }, /azureRegion.*expected none/],
  ])('%s', (_, options, named) => {
    expect(() => create(options)).toThrow(TypeError)
    expect(() => create(options)).toThrow(named)
    expect(() => create(options)).not.toThrow(secret)
  })
})

test('misuse does not compile', () => {
  const misuses = [
    // @ts-expect-error a public client has no credential
    () => createPublicClient({ clientId, credential: clientSecret(secret) }),
    // @ts-expect-error a public client has no region
    () => createPublicClient({ clientId, azureRegion: 'westus2' }),
    // @ts-expect-error clientId is required
    () => createPublicClient({ authority }),
  ]
  for (const misuse of misuses) expect(misuse).toThrow(TypeError)
})
