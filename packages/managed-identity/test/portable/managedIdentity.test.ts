import { acquireTokenForClient, createConfidentialClient } from '@latchkey/core'
import { createEmulator, managedIdentityEnvironment } from '@latchkey/emulator'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  detectManagedIdentity,
  managedIdentityCredential,
  managedIdentityTokenCredential,
  nodeHost,
  systemAssigned,
  userAssigned,
} from '@latchkey/managed-identity'
import { describe, expect, it } from 'vitest'

const resource = 'https://vault.azure.net'
const folder = '/var/opt/azcmagent/tokens'

/** An emulator in process, and the host of a machine with its agent. */
function create(place: 'imds' | 'appService' | 'machineLearning' | 'arc', identity = systemAssigned()) {
  const emulator = createEmulator()
  const keys = new Map<string, string>()
  const host = {
    ...nodeHost(),
    platform: 'linux',
    exists: () => false,
    readFile: async (path: string) => keys.get(path) ?? emulator.arcKeys.get(path) ?? '',
  }
  const fetch = emulator.fetch
  const env = managedIdentityEnvironment(place)
  // A busy machine is not one without an identity.
  const options = { identity, env, host, fetch, detectionTimeout: Infinity }
  return { emulator, client: createManagedIdentityClient(options) }
}

describe('a managed identity', () => {
  it.each(['imds', 'appService', 'machineLearning', 'arc'] as const)('gets a token from %s, once', async (place) => {
    const { emulator, client } = create(place)
    const results = await Promise.all([1, 2, 3].map(() => acquireTokenForManagedIdentity(client, { resource })))
    expect(new Set(results.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(await acquireTokenForManagedIdentity(client, { resource })).toMatchObject({ source: 'cache' })
    expect(emulator.requests).toHaveLength(place === 'arc' ? 2 : 1)
    expect(emulator.requests.some(({ url }) => url.includes(folder))).toBe(false)
  })

  it('is the one that is asked for', async () => {
    const reader = [...createEmulator().directory.managedIdentities.values()].find(({ name }) => name === 'reader')
    const { client } = create('imds', userAssigned({ clientId: reader?.clientId ?? '' }))
    const { accessToken } = await acquireTokenForManagedIdentity(client, { resource })
    const payload = atob((accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))
    expect(JSON.parse(payload)).toMatchObject({ oid: reader?.objectId })
  })

  it('is said not to be there', async () => {
    const silent = (() => new Promise(() => {})) as typeof globalThis.fetch
    const options = { identity: systemAssigned(), env: {}, fetch: silent, detectionTimeout: 50 }
    const client = createManagedIdentityClient(options)
    for (let tries = 0; tries < 2; tries++)
      await expect(acquireTokenForManagedIdentity(client, { resource })).rejects.toMatchObject({
        code: 'managed_identity_unavailable',
      })
  })

  it('proves the identity of an app', async () => {
    const { emulator, client } = create('appService')
    const { tenantId, authority } = emulator.defaults
    const clientId = '9b1c2d3e-4f50-4a6b-8c7d-0e1f2a3b4c5d'
    const subject = [...emulator.directory.managedIdentities.values()][0]?.objectId ?? ''
    const federatedCredentials = [{ issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`, subject }]
    emulator.directory.addApp({ clientId, tenantId, federatedCredentials })
    const fetch = emulator.fetch
    const app = createConfidentialClient({ clientId, authority, credential: managedIdentityCredential(client), fetch })
    const result = await acquireTokenForClient(app, { scopes: ['https://graph.microsoft.com/.default'] })
    expect(result.tokenType).toBe('Bearer')
  })

  it('is a credential for the Azure SDKs', async () => {
    const { client } = create('imds')
    const result = await managedIdentityTokenCredential(client).getToken(`${resource}/.default`)
    expect(result.token.split('.')).toHaveLength(3)
    expect(result.expiresOnTimestamp).toBeGreaterThan(0)
  })
})

describe('a runtime', () => {
  it('tells where it is', async () => {
    expect((await detectManagedIdentity({ env: managedIdentityEnvironment('appService') })).source).toBe('appService')
  })

  it('has the file or says that it has not', async () => {
    const limits = { maxBytes: 10, followLinks: false }
    await expect(nodeHost().readFile('/there/is/no/such/file', limits)).rejects.toThrow()
    expect(await nodeHost().exists('/there/is/no/such/file')).toBe(false)
  })

  it('needs a certificate for Service Fabric, and never sends its secret without', async () => {
    const env = managedIdentityEnvironment('serviceFabric', { url: 'https://127.0.0.1:9' })
    const client = createManagedIdentityClient({ identity: systemAssigned(), env, maxRetries: 0 })
    const error: unknown = await acquireTokenForManagedIdentity(client, { resource }).catch((thrown: unknown) => thrown)
    expect(['network_error', 'managed_identity_unavailable']).toContain((error as { code: string }).code)
  })
})
