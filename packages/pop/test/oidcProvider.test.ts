import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenForClient,
  acquireTokenSilent,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  initiateAuthCodeFlow,
  Prompt,
} from '@latchkey/core'
import { dpop } from '@latchkey/pop'
import { redirectUri, signInAt } from '../../core/test/fixtures/oidcProvider.js'

const secret = 'a-secret-of-more-than-32-characters!'
const scopes = ['read']

/** A certified provider that we did not write, with DPoP; `userinfo` is its protected resource. */
async function startProvider(requireNonce: boolean) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const common = { application_type: 'native', redirect_uris: [redirectUri], response_types: ['code'] }
  const grants = ['authorization_code', 'refresh_token']
  const provider = new Provider(issuer, {
    clients: [
      { ...common, client_id: 'public', token_endpoint_auth_method: 'none', grant_types: grants },
      {
        ...common,
        ...{ client_id: 'with-secret', client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
        grant_types: [...grants, 'client_credentials'],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig' }] },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    scopes: ['openid', 'profile', 'offline_access', 'read'],
    enabledJWA: { dPoPSigningAlgValues: ['ES256', 'PS256', 'RS256'] },
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      userinfo: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => requireNonce },
    },
  })
  server.on('request', provider.callback())
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { issuer, close }
}

describe.each([false, true])('oidc-provider, with nonces: %s', (requireNonce) => {
  let provider: Awaited<ReturnType<typeof startProvider>>
  beforeAll(async () => {
    provider = await startProvider(requireNonce)
  })
  afterAll(() => provider.close())

  test.each(['ES256', 'PS256', 'RS256'] as const)('gives an app a token that is bound with %s', async (algorithm) => {
    const client = createConfidentialClient({
      ...{ clientId: 'with-secret', oidcAuthority: provider.issuer, credential: clientSecret(secret) },
    })
    const scheme = dpop({ algorithm })
    const get = () => acquireTokenForClient(client, { scopes, scheme })
    expect(await get()).toMatchObject({ tokenType: 'DPoP', source: 'identity_provider' })
    expect(await get()).toMatchObject({ tokenType: 'DPoP', source: 'cache' })
  })

  test('binds code, tokens and refresh tokens of a person, and takes the proofs at its resource', async () => {
    const client = createPublicClient({ clientId: 'public', oidcAuthority: provider.issuer })
    const scheme = dpop()
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri, prompt: Prompt.CONSENT, scheme })
    expect(new URL(flow.authUri).searchParams.get('dpop_jkt')).toBe((await scheme.binding()).key_id)
    const response = await signInAt(flow.authUri, 'ada')
    const result = await acquireTokenByAuthCodeFlow(client, { flow, response, scheme })
    expect(result.tokenType).toBe('DPoP')
    const userinfo = `${provider.issuer}/me`
    expect(await (await scheme.fetch(userinfo, result)).json()).toMatchObject({ sub: 'ada' })
    expect((await dpop().fetch(userinfo, result)).status).toBe(401)

    const { account } = result
    const silent = { scopes, account, forceRefresh: true }
    await expect(acquireTokenSilent(client, { ...silent, scheme: dpop() })).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    expect(await acquireTokenSilent(client, { ...silent, scheme })).toMatchObject({ tokenType: 'DPoP' })
  })

  test('refuses a code that is redeemed with another key', async () => {
    const client = createPublicClient({ clientId: 'public', oidcAuthority: provider.issuer })
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri, prompt: Prompt.CONSENT, scheme: dpop() })
    const response = await signInAt(flow.authUri, 'ada')
    const stolen = acquireTokenByAuthCodeFlow(client, { flow, response, scheme: dpop() })
    await expect(stolen).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
