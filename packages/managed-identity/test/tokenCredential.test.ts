import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { SecretClient } from '@azure/keyvault-secrets'
import { clientSecret, createConfidentialClient, toTokenCredential, type TokenCredential } from '@latchkey/core'
import { createCertificate, createEmulator } from '@latchkey/emulator'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  managedIdentityTokenCredential,
  systemAssigned,
} from '@latchkey/managed-identity'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEndpoint, json, NOW, token } from './fixtures/endpoint.js'
import { createHost } from './fixtures/sources.js'
import { until } from './fixtures/until.js'

const emulator = createEmulator({ tokenLifetime: 86_400 })
const { authority, clientId, clientSecret: secret, tenantId } = emulator.defaults
const confidential = () =>
  createConfidentialClient({
    ...{ clientId, authority, credential: clientSecret(secret), fetch: emulator.fetch },
  })
const managed = () => {
  const options = { identity: systemAssigned(), env: {}, host: createHost({}), fetch: emulator.fetch }
  return createManagedIdentityClient(options)
}

/** A vault as Azure's: without a token it answers a challenge, and one secret to whoever has a token for it. */
const asked: { path: string | undefined; appId: unknown }[] = []
const certificate = await createCertificate('localhost')
const server = createServer({ key: certificate.privateKey, cert: certificate.certificate }, (request, response) => {
  const sent = bearerOf(request)
  response.setHeader('content-type', 'application/json')
  if (!sent) {
    const challenge = `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="https://vault.azure.net"`
    response.writeHead(401, { 'WWW-Authenticate': challenge }).end('{}')
    return
  }
  const { aud, azp, appid } = decodeJwt(sent)
  asked.push({ path: request.url?.split('?')[0], appId: azp ?? appid })
  const isForVault = aud === 'https://vault.azure.net' || aud === 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093'
  response.statusCode = isForVault ? 200 : 403
  response.end(JSON.stringify({ value: 'hello', id: `${vault()}/secrets/greeting/1`, attributes: {} }))
})
const bearerOf = ({ headers }: IncomingMessage): string | undefined =>
  /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
const vault = (): string => `https://localhost:${(server.address() as AddressInfo).port}`
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('the Azure SDK’s client for Key Vault', () => {
  test.each([
    ['a confidential client', () => toTokenCredential(confidential()), clientId],
    [
      'a managed identity',
      () => managedIdentityTokenCredential(managed()),
      [...emulator.directory.managedIdentities.values()][0]!.clientId,
    ],
  ] as const)('reads a secret with the token of %s, asked for once', async (_, create, appId) => {
    emulator.clearRequests()
    asked.length = 0
    const client = new SecretClient(vault(), create(), {
      disableChallengeResourceVerification: true,
      tlsOptions: { ca: certificate.certificate },
    })
    expect((await client.getSecret('greeting')).value).toBe('hello')
    expect((await client.getSecret('greeting')).value).toBe('hello')
    expect(asked).toEqual([
      { path: '/secrets/greeting/', appId },
      { path: '/secrets/greeting/', appId },
    ])
    expect(emulator.requests).toHaveLength(1)
  })
})

describe('getToken', () => {
  const create = (...steps: Parameters<typeof createEndpoint>) => {
    const { fetch, asked } = createEndpoint(...steps)
    const now = (): number => NOW * 1000
    const host = createHost({})
    const client = createManagedIdentityClient({ identity: systemAssigned(), env: {}, host, fetch, now, maxRetries: 0 })
    return { client, credential: managedIdentityTokenCredential(client), asked }
  }

  test('says when to ask again', async () => {
    const { credential, asked } = create(token('t', { expires_in: 7200 }))
    expect(await credential.getToken('https://vault.azure.net/.default')).toEqual({
      ...{ token: 't', tokenType: 'Bearer' },
      expiresOnTimestamp: (NOW + 7200) * 1000,
      refreshAfterTimestamp: (NOW + 3600) * 1000,
    })
    expect(asked[0]!.parameters['resource']).toBe('https://vault.azure.net')
  })

  test('says nothing of it where nothing is advised', async () => {
    const { credential } = create(token('t'))
    expect(await credential.getToken(['https://vault.azure.net/.default'])).not.toHaveProperty('refreshAfterTimestamp')
  })

  test.each([
    ['https://storage.azure.com/.default', 'https://storage.azure.com'],
    ['https://management.core.windows.net//.default', 'https://management.core.windows.net/'],
    ['https://vault.azure.net', 'https://vault.azure.net'],
  ])('%s is %s', async (scope, resource) => {
    const { credential, asked } = create(token('t'))
    await credential.getToken(scope)
    expect(asked[0]!.parameters['resource']).toBe(resource)
  })

  test('claims pass the cache by', async () => {
    const { client, credential, asked } = create(token('one'), token('two'))
    await acquireTokenForManagedIdentity(client, { resource: 'R' })
    expect(await credential.getToken('R')).toMatchObject({ token: 'one' })
    expect(await credential.getToken('R', { claims: '{}' })).toMatchObject({ token: 'two' })
    expect(asked).toHaveLength(2)
  })

  test('a signal of the SDKs’ own ends the waiting', async () => {
    const { credential } = create('silent')
    const listeners = new Set<() => void>()
    const signal = {
      aborted: false,
      addEventListener: (_: 'abort', listener: (event: never) => void) => listeners.add(listener as () => void),
      removeEventListener: (_: 'abort', listener: (event: never) => void) => listeners.delete(listener as () => void),
    }
    const waiting = credential.getToken('R', { abortSignal: signal })
    await new Promise((resolve) => setTimeout(resolve))
    signal.aborted = true
    for (const listener of listeners) listener()
    await expect(waiting).rejects.toMatchObject({ code: 'user_cancelled' })
    await until(() => listeners.size === 0)
    const abortSignal = AbortSignal.abort()
    await expect(toTokenCredential(confidential()).getToken('x/.default', { abortSignal })).rejects.toMatchObject({
      code: 'user_cancelled',
    })
  })

  test('a refusal is an AuthError', async () => {
    const { credential } = create(json({ error: 'invalid_resource' }, 400))
    await expect(credential.getToken('R')).rejects.toMatchObject({ name: 'AuthError', error: 'invalid_resource' })
  })

  test.each<[string, TokenCredential]>([
    ['a confidential client', toTokenCredential(confidential())],
    ['a managed identity', create(token('t')).credential],
  ])('what are no scopes of one resource is refused: %s', async (_, credential) => {
    for (const scopes of ['', [], [''], ['a', ''], 1, undefined] as never[])
      await expect(credential.getToken(scopes)).rejects.toThrow(TypeError)
    await expect(create(token('t')).credential.getToken(['a', 'b'])).rejects.toThrow(TypeError)
  })

  test('what is no client is refused', () => {
    for (const client of [undefined, {}, confidential(), 'x'] as never[])
      expect(() => managedIdentityTokenCredential(client)).toThrow(TypeError)
    for (const client of [undefined, {}, managed(), 'x'] as never[])
      expect(() => toTokenCredential(client)).toThrow(TypeError)
  })
})
