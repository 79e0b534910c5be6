import { createServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { createCertificate, createEmulator, managedIdentityEnvironment, serve } from '@latchkey/emulator'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  nodeHost,
  systemAssigned,
} from '@latchkey/managed-identity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const resource = 'https://vault.azure.net'
const certificate = await createCertificate('localhost')
const other = await createCertificate('localhost')
const emulator = createEmulator()
let served: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  served = await serve(emulator, { tls: certificate })
})
afterAll(() => served.close())

const create = (env: Record<string, string>, timeout = 10_000) =>
  createManagedIdentityClient({ identity: systemAssigned(), env, maxRetries: 0, timeout })
const environment = (thumbprint: string) => managedIdentityEnvironment('serviceFabric', { url: served.url, thumbprint })

describe('over TLS, without a fetch of its own', () => {
  test.each([
    ['as it is', (hex: string) => hex],
    ['in capitals', (hex: string) => hex.toUpperCase()],
    ['with colons', (hex: string) => hex.replace(/..(?=.)/g, '$&:')],
    ['with spaces', (hex: string) => hex.replace(/..(?=.)/g, '$& ')],
  ])('the certificate with that thumbprint is taken: %s', async (_, write) => {
    const client = create(environment(write(certificate.thumbprint)))
    const { accessToken, source } = await acquireTokenForManagedIdentity(client, { resource })
    expect(accessToken.split('.')).toHaveLength(3)
    expect(source).toBe('identity_provider')
  })

  test('another is not, and is sent nothing', async () => {
    emulator.clearRequests()
    const client = create(environment(other.thumbprint))
    await expect(acquireTokenForManagedIdentity(client, { resource })).rejects.toMatchObject({
      code: 'managed_identity_error',
      message: expect.stringContaining(`is ${certificate.thumbprint}, not ${other.thumbprint}`) as string,
    })
    expect(emulator.requests).toEqual([])
  })

  test('not a byte leaves for a server with another certificate', async () => {
    const received: Buffer[] = []
    const server = createServer({ key: other.privateKey, cert: other.certificate }, (socket) => {
      socket.on('data', (chunk: Buffer) => received.push(chunk))
      socket.on('error', () => {})
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
      const env = managedIdentityEnvironment('serviceFabric', { url, thumbprint: certificate.thumbprint })
      await expect(acquireTokenForManagedIdentity(create(env), { resource })).rejects.toMatchObject({
        code: 'managed_identity_error',
      })
      expect(received).toEqual([])
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test.each(['tp', '', '0'.repeat(39), 'g'.repeat(40), certificate.thumbprintSha256])(
    'what is no SHA-1 thumbprint is refused before any request: %j',
    async (thumbprint) => {
      emulator.clearRequests()
      await expect(acquireTokenForManagedIdentity(create(environment(thumbprint)), { resource })).rejects.toMatchObject(
        { code: 'managed_identity_error', message: expect.stringContaining('SHA-1') as string },
      )
      expect(emulator.requests).toEqual([])
    },
  )

  test('a server that says nothing is given up', async () => {
    const server = createServer({ key: certificate.privateKey, cert: certificate.certificate }, (socket) => {
      socket.on('error', () => {}).resume()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
      const env = managedIdentityEnvironment('serviceFabric', { url, thumbprint: certificate.thumbprint })
      await expect(acquireTokenForManagedIdentity(create(env, 300), { resource })).rejects.toMatchObject({
        code: 'timeout',
      })
      const signal = AbortSignal.timeout(300)
      await expect(acquireTokenForManagedIdentity(create(env), { resource, signal })).rejects.toMatchObject({
        code: 'user_cancelled',
      })
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('a port that nobody listens on is a network error', async () => {
    const gone = await serve(emulator, { tls: certificate })
    await gone.close()
    const env = managedIdentityEnvironment('serviceFabric', { url: gone.url, thumbprint: certificate.thumbprint })
    await expect(acquireTokenForManagedIdentity(create(env), { resource })).rejects.toMatchObject({
      code: 'network_error',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })

  test.each(['reset', 'truncated', 'stall'] as const)('an answer that ends in a %s is an error', async (kind) => {
    emulator.faults.add({ kind, times: 1 })
    try {
      await expect(
        acquireTokenForManagedIdentity(create(environment(certificate.thumbprint), 500), { resource }),
      ).rejects.toMatchObject({ name: 'AuthError' })
    } finally {
      emulator.faults.clear()
    }
  })

  test('an answer without end is not read to it', async () => {
    emulator.faults.add({ kind: 'huge', times: 1 })
    try {
      await expect(
        acquireTokenForManagedIdentity(create(environment(certificate.thumbprint)), { resource }),
      ).rejects.toMatchObject({ code: 'invalid_response' })
    } finally {
      emulator.faults.clear()
    }
  })

  test.each([204, 304])('an answer without a body (%d) is no token', async (status) => {
    emulator.faults.add({ kind: 'empty', status, times: 1 })
    try {
      await expect(
        acquireTokenForManagedIdentity(create(environment(certificate.thumbprint)), { resource }),
      ).rejects.toMatchObject({ name: 'AuthError' })
    } finally {
      emulator.faults.clear()
    }
  })
})

test('a fetch of one’s own is used, and has to check the certificate itself', async () => {
  const client = createManagedIdentityClient({
    ...{ identity: systemAssigned(), env: environment('tp'), maxRetries: 0 },
    fetch: globalThis.fetch,
  })
  // The runtime's own takes no certificate that vouches for itself.
  await expect(acquireTokenForManagedIdentity(client, { resource })).rejects.toMatchObject({ code: 'network_error' })
})

test('an aborted signal opens no connection', async () => {
  const signal = AbortSignal.abort()
  await expect(
    nodeHost().getPinned(served.url, { headers: {}, thumbprint: certificate.thumbprint, signal }),
  ).rejects.toMatchObject({ name: 'AbortError' })
})
