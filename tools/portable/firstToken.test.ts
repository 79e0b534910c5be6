import { acquireTokenForClient, AuthError, clientSecret, createConfidentialClient } from '@latchkey/core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ServedDefaults } from './bundle.ts'

/** The emulator that is served on 127.0.0.1 while this runs; the bundler writes it in. */
declare const EMULATOR: ServedDefaults

const client = (secret = EMULATOR.clientSecret) =>
  createConfidentialClient({
    clientId: EMULATOR.clientId,
    authority: `${EMULATOR.url}/${EMULATOR.tenantId}`,
    instanceDiscovery: false,
    credential: clientSecret(secret),
  })
const scopes = [EMULATOR.scope]

describe("an app token over this runtime's own fetch", () => {
  let accessToken: string

  beforeAll(async () => {
    const result = await acquireTokenForClient(client(), { scopes })
    expect(result.source).toBe('identity_provider')
    expect(result.tokenType).toBe('Bearer')
    accessToken = result.accessToken
  })

  it('is for the app and the tenant', () => {
    const payload = accessToken.split('.')[1] ?? ''
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    expect({ app: claims.azp ?? claims.appid, tenant: claims.tid }).toEqual({
      app: EMULATOR.clientId,
      tenant: EMULATOR.tenantId,
    })
  })

  it('comes from the cache the second time, and once for equal calls', async () => {
    const one = client()
    const first = await Promise.all(Array.from({ length: 20 }, () => acquireTokenForClient(one, { scopes })))
    expect(new Set(first.map((result) => result.accessToken)).size).toBe(1)
    const second = await acquireTokenForClient(one, { scopes })
    expect(second).toMatchObject({ source: 'cache', accessToken: first[0]?.accessToken })
  })

  it('is refused to a wrong secret, with the number and without the secret', async () => {
    const error = await acquireTokenForClient(client('wrong-secret-value'), { scopes }).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code: 'invalid_client', errorCodes: [7000215] })
    expect(JSON.stringify(error) + String(error) + String(error.stack)).not.toContain('wrong-secret-value')
  })

  it('can be given up', async () => {
    const signal = AbortSignal.abort()
    await expect(acquireTokenForClient(client(), { scopes, signal })).rejects.toMatchObject({ code: 'user_cancelled' })
  })
})
