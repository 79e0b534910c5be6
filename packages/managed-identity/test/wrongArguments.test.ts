import { createPublicClient } from '@latchkey/core'
import {
  acquireTokenForManagedIdentity,
  acquireTokenInCloudShell,
  createManagedIdentityClient,
  detectManagedIdentity,
  githubActionsCredential,
  managedIdentityCredential,
  systemAssigned,
  userAssigned,
  workloadIdentityCredential,
} from '@latchkey/managed-identity'
import { describe, expect, test } from 'vitest'
import { createEndpoint, token } from './fixtures/endpoint.js'
import { createHost } from './fixtures/sources.js'

describe('identities', () => {
  test.each([
    [systemAssigned(), 'SystemAssigned', null],
    [userAssigned({ clientId: 'x' }), 'ClientId', 'x'],
    [userAssigned({ resourceId: 'x' }), 'ResourceId', 'x'],
    [userAssigned({ objectId: 'x' }), 'ObjectId', 'x'],
  ])('%j is what MSAL writes', (identity, kind, id) => {
    expect(identity).toEqual({ ManagedIdentityIdType: kind, Id: id })
    expect(Object.isFrozen(identity)).toBe(true)
    for (const given of [identity, { ...identity, more: 1 }, JSON.stringify(identity)])
      expect(createManagedIdentityClient({ identity: given, env: {} }).identity).toEqual(identity)
  })

  test('the system-assigned one may be without an id', () => {
    const { identity } = createManagedIdentityClient({ identity: { ManagedIdentityIdType: 'SystemAssigned' }, env: {} })
    expect(identity).toEqual(systemAssigned())
  })

  test.each([
    [undefined],
    [null],
    [{}],
    [{ clientId: '' }],
    [{ clientId: ' ' }],
    [{ clientId: 1 }],
    [{ clientId: 'a', objectId: 'b' }],
    [{ clientId: 'a', more: 'b' }],
    [{ constructor: 'a' }],
    [{ __proto__: { clientId: 'a' } }],
    ['a'],
    [['a']],
  ])('userAssigned(%j) is refused', (id) => {
    expect(() => userAssigned(id as never)).toThrow(TypeError)
  })

  test.each([
    [undefined],
    ['x'],
    ['[]'],
    [{}],
    [{ ManagedIdentityIdType: 'ClientId' }],
    [{ ManagedIdentityIdType: 'ClientId', Id: '' }],
    [{ ManagedIdentityIdType: 'ClientId', Id: null }],
    [{ ManagedIdentityIdType: 'ClientId', Id: ' a' }],
    [{ ManagedIdentityIdType: 'SystemAssigned', Id: 'a' }],
    [{ ManagedIdentityIdType: 'clientid', Id: 'a' }],
    [{ ManagedIdentityIdType: 'constructor', Id: 'a' }],
    [{ Id: 'a' }],
  ])('%j is no identity', (identity) => {
    expect(() => createManagedIdentityClient({ identity: identity as never })).toThrow(
      'Cannot use identity: expected systemAssigned(), userAssigned(), or {"ManagedIdentityIdType": …, "Id": …}',
    )
  })
})

test.each([
  ['the options', undefined],
  ['the options', 'x'],
  ['cache.get', { cache: {} }],
  ['cache.get', { cache: null }],
  ['httpCache.get', { httpCache: {} }],
  ['fetch', { fetch: 'x' }],
  ['timeout', { timeout: 0 }],
  ['timeout', { timeout: 'x' }],
  ['timeout', { timeout: NaN }],
  ['timeout', { timeout: Infinity }],
  ['maxRetries', { maxRetries: -1 }],
  ['maxRetries', { maxRetries: 1.5 }],
  ['maxRetryDelay', { maxRetryDelay: -1 }],
  ['detectionTimeout', { detectionTimeout: -1 }],
  ['detectionTimeout', { detectionTimeout: '1' }],
  ['unavailableFor', { unavailableFor: NaN }],
  ['now', { now: 1 }],
  ['env', { env: 'x' }],
  ['env', { env: null }],
  ['clientCapabilities', { clientCapabilities: 'CP1' }],
  ['clientCapabilities', { clientCapabilities: [''] }],
  ['arcUserAssigned', { arcUserAssigned: 1 }],
  ['host.exists', { host: {} }],
  ['host.getPinned', { host: { ...createHost(), getPinned: 1 } }],
  ['waitUntil', { waitUntil: 1 }],
  ['logger', { logger: 1 }],
])('%s is checked', (name, options) => {
  const given = typeof options === 'object' ? { identity: systemAssigned(), ...options } : options
  expect(() => createManagedIdentityClient(given as never)).toThrow(new RegExp(`^Cannot use ${name}: expected `))
})

test('what is undefined is as good as left out, and the client is frozen', () => {
  const client = createManagedIdentityClient({ identity: systemAssigned(), timeout: undefined, cache: undefined })
  expect(client.timeout).toBe(30_000)
  expect(Object.isFrozen(client)).toBe(true)
  expect(createManagedIdentityClient({ identity: systemAssigned(), detectionTimeout: Infinity }).unavailableFor).toBe(0)
})

const { fetch } = createEndpoint(token())
const client = createManagedIdentityClient({ identity: systemAssigned(), env: {}, fetch })
const publicClient = createPublicClient({ clientId: 'x', fetch })

test.each<[string, () => unknown]>([
  ['no client', () => acquireTokenForManagedIdentity(undefined as never, { resource: 'R' })],
  ['another client', () => acquireTokenForManagedIdentity(publicClient as never, { resource: 'R' })],
  ['no options', () => acquireTokenForManagedIdentity(client, undefined as never)],
  ['no resource', () => acquireTokenForManagedIdentity(client, {} as never)],
  ['an empty resource', () => acquireTokenForManagedIdentity(client, { resource: '' })],
  ['two resources', () => acquireTokenForManagedIdentity(client, { resource: 'a b' })],
  ['a list of resources', () => acquireTokenForManagedIdentity(client, { resource: ['a'] as never })],
  ['claims that are no text', () => acquireTokenForManagedIdentity(client, { resource: 'a', claims: {} as never })],
  ['another client', () => acquireTokenInCloudShell(client as never, { scopes: ['a'] })],
  ['no scopes', () => acquireTokenInCloudShell(publicClient, { scopes: [] })],
  ['variables that are none', () => detectManagedIdentity({ env: 'x' as never })],
  ['a host that is none', () => detectManagedIdentity({ host: {} as never })],
])('operations are given %s', async (_, run) => {
  await expect(Promise.resolve().then(run)).rejects.toThrow(TypeError)
})

test.each<[string, () => unknown]>([
  ['managedIdentityCredential', () => managedIdentityCredential(publicClient as never)],
  ['managedIdentityCredential', () => managedIdentityCredential(client, { resource: '' })],
  ['workloadIdentityCredential', () => workloadIdentityCredential({ tokenFile: '' })],
  ['workloadIdentityCredential', () => workloadIdentityCredential({ env: null as never })],
  ['workloadIdentityCredential', () => workloadIdentityCredential({ host: {} as never })],
  ['githubActionsCredential', () => githubActionsCredential({ audience: '' })],
  ['githubActionsCredential', () => githubActionsCredential({ env: 'x' as never })],
  ['githubActionsCredential', () => githubActionsCredential({ fetch: 'x' as never })],
  ['githubActionsCredential', () => githubActionsCredential({ timeout: 0 })],
  ['githubActionsCredential', () => githubActionsCredential({ maxRetries: -1 })],
])('%s checks what it is given', (_, create) => {
  expect(create).toThrow(TypeError)
})
