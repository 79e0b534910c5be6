import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenByDeviceFlow,
  acquireTokenForClient,
  acquireTokenSilent,
  clientCertificate,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  getAccounts,
  initiateAuthCodeFlow,
  initiateDeviceFlow,
  isAuthError,
  Prompt,
  type ClientOptions,
} from '@latchkey/core'
import { verifyIdTokenSignature } from '@latchkey/core/verify'
import { redirectUri, secret, signInAt, startProvider } from './fixtures/oidcProvider.js'

let provider: Awaited<ReturnType<typeof startProvider>>
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

const optionsFor = (clientId: string): ClientOptions => ({
  clientId,
  oidcAuthority: provider.issuer,
  verifyIdToken: verifyIdTokenSignature,
})
const scopes = ['read']

describe.each([
  ['a public client', () => createPublicClient(optionsFor('public'))],
  [
    'a client with a secret',
    () => createConfidentialClient({ ...optionsFor('with-secret'), credential: clientSecret(secret) }),
  ],
])('%s', (_name, create) => {
  test('signs in by code with PKCE, then silently by refresh token, which is rotated', async () => {
    const client = create()
    // This provider gives refresh tokens only to who was asked for consent.
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri, prompt: Prompt.CONSENT, maxAge: 600 })
    const response = await signInAt(flow.authUri, 'ada')
    expect(response).toMatchObject({ state: flow.state, iss: provider.issuer })
    const result = await acquireTokenByAuthCodeFlow(client, { flow, response })
    expect(result.account).toMatchObject({ homeAccountId: 'ada', username: 'ada@example.com' })
    expect(result.idTokenClaims).toMatchObject({ iss: provider.issuer, sub: 'ada' })

    const [account] = await getAccounts(client)
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({
      source: 'cache',
      accessToken: result.accessToken,
      idToken: result.idToken,
    })
    for (const round of [1, 2]) {
      const refreshed = await acquireTokenSilent(client, { scopes, account, forceRefresh: true })
      expect(refreshed, `round ${round}`).toMatchObject({ source: 'identity_provider', account })
      expect(refreshed.accessToken).not.toBe(result.accessToken)
    }
  })

  test('a code is taken once', async () => {
    const client = create()
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri, prompt: Prompt.CONSENT })
    const response = await signInAt(flow.authUri, 'bob')
    await acquireTokenByAuthCodeFlow(client, { flow, response })
    const again = await acquireTokenByAuthCodeFlow(client, { flow, response }).catch((error: unknown) => error)
    expect(isAuthError(again) && again.code).toBe('invalid_grant')
  })
})

test('a public client signs in on another device', async () => {
  const client = createPublicClient(optionsFor('public'))
  const flow = await initiateDeviceFlow(client, { scopes })
  expect(flow).toMatchObject({ interval: 5, verificationUri: expect.stringContaining(provider.issuer) as string })
  const { page } = await signInAt(flow.verificationUriComplete ?? flow.verificationUri, 'eve', {
    user_code: flow.userCode,
  })
  expect(page).toMatch(/success/i)
  const result = await acquireTokenByDeviceFlow(client, { flow })
  expect(result).toMatchObject({ account: { homeAccountId: 'eve' }, source: 'identity_provider' })
})

test('a client with a secret gets a token of its own', async () => {
  const client = createConfidentialClient({ ...optionsFor('with-secret'), credential: clientSecret(secret) })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({
    source: 'identity_provider',
    tokenType: 'Bearer',
  })
})

test('a client with a private key gets a token of its own', async () => {
  const { privateKey } = provider
  const credential = clientCertificate({ privateKey, thumbprintSha256: 'ab'.repeat(32) })
  const client = createConfidentialClient({ ...optionsFor('with-key'), credential })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
})

test('a wrong secret is refused as such', async () => {
  const client = createConfidentialClient({ ...optionsFor('with-secret'), credential: clientSecret('wrong') })
  const error = await acquireTokenForClient(client, { scopes }).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'invalid_client', status: 401 })
})
