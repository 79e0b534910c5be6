import { describe, expect, it } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenByDeviceFlow,
  acquireTokenByUsernamePassword,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  authorizedFetch,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  getAccounts,
  initiateAuthCodeFlow,
  initiateDeviceFlow,
  isAuthError,
  needsInteraction,
  removeAccount,
} from '@latchkey/core'
import { verifyIdTokenSignature } from '@latchkey/core/verify'
import { createEmulator } from '@latchkey/emulator'

const scopes = ['User.Read']
const redirectUri = 'http://localhost'

/** An emulator in this process, and a public client of it that checks the signatures of ID tokens. */
function setUp() {
  const emulator = createEmulator()
  const { authority, publicClientId: clientId, username } = emulator.defaults
  const surroundings = { authority, fetch: emulator.fetch, maxRetries: 0 }
  const client = createPublicClient({ ...surroundings, clientId, verifyIdToken: verifyIdTokenSignature })
  const tokenFor = async (wanted: readonly string[]) => {
    const flow = await initiateAuthCodeFlow(client, { scopes: wanted, redirectUri })
    const { response } = await emulator.signIn(flow.authUri, { username })
    return acquireTokenByAuthCodeFlow(client, { flow, response })
  }
  return { emulator, surroundings, client, tokenFor, username }
}
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no rejection',
    (error: unknown) => error,
  )

describe('users', () => {
  it('sign in by code, are signed in silently, and out', async () => {
    const { client, tokenFor, username } = setUp()
    const { account, accessToken } = await tokenFor(scopes)
    expect(account?.username).toBe(username)
    expect(await getAccounts(client)).toEqual([account])
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache', accessToken })
    const renewed = await acquireTokenSilent(client, { scopes, account, forceRefresh: true })
    expect(renewed.source).toBe('identity_provider')
    await removeAccount(client, { account: account! })
    const error = await rejection(acquireTokenSilent(client, { scopes, account }))
    expect([isAuthError(error), needsInteraction(error)]).toEqual([true, true])
  })

  it('sign in on another device, and with a password', async () => {
    const { client, emulator, username } = setUp()
    const flow = await initiateDeviceFlow(client, { scopes })
    await emulator.approveDevice(flow.userCode, { username })
    expect((await acquireTokenByDeviceFlow(client, { flow })).account?.username).toBe(username)
    const { password } = emulator.defaults
    const result = await acquireTokenByUsernamePassword(client, { username, password, scopes })
    expect(result.account?.username).toBe(username)
  })

  it('are acted for by an API', async () => {
    const { emulator, surroundings, tokenFor, username } = setUp()
    const { clientId, clientSecret: secret } = emulator.defaults
    const { accessToken: userAssertion } = await tokenFor([`api://${clientId}/access_as_user`])
    const api = createConfidentialClient({ ...surroundings, clientId, credential: clientSecret(secret) })
    const acquire = () => acquireTokenOnBehalfOf(api, { userAssertion, scopes })
    expect((await acquire()).account?.username).toBe(username)
    expect((await acquire()).source).toBe('cache')
  })

  it('answer a claims challenge, once', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true}}}'
    const challenge = `Bearer error="insufficient_claims", claims="${btoa(claims)}"`
    const wishes: (string | undefined)[] = []
    const send = authorizedFetch(
      async ({ claims }) => {
        wishes.push(claims)
        return { accessToken: `token-${wishes.length}`, tokenType: 'Bearer' }
      },
      {
        fetch: async (request) =>
          (request as Request).headers.get('authorization') === 'Bearer token-2'
            ? new Response(await (request as Request).text())
            : new Response('', { status: 401, headers: { 'www-authenticate': challenge } }),
      },
    )
    const response = await send('https://api.example/', { method: 'POST', body: 'the body' })
    expect([await response.text(), ...wishes]).toEqual(['the body', undefined, claims])
  })
})
