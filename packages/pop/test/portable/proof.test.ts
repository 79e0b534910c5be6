import { describe, expect, it } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenForClient,
  acquireTokenSilent,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  initiateAuthCodeFlow,
} from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import { dpop, signedHttpRequest } from '@latchkey/pop'

const api = 'https://api.example/resource/me?a=1'

function setUp(proofNonces: boolean) {
  const emulator = createEmulator({ proofNonces })
  const { authority, clientId, clientSecret: secret, publicClientId, username, scope } = emulator.defaults
  const surroundings = { authority, fetch: emulator.fetch, maxRetries: 0 }
  const app = createConfidentialClient({ ...surroundings, clientId, credential: clientSecret(secret) })
  const client = createPublicClient({ ...surroundings, clientId: publicClientId })
  return { emulator, app, client, scopes: [scope], username }
}

describe.each(['pop', 'dpop'] as const)('%s', (type) => {
  it.each([false, true])('binds tokens, and proves that it has the key (nonces wanted: %s)', async (proofNonces) => {
    const { emulator, app, client, scopes, username } = setUp(proofNonces)
    const scheme = type === 'pop' ? signedHttpRequest({ fetch: emulator.fetch }) : dpop({ fetch: emulator.fetch })
    const result = await acquireTokenForClient(app, { scopes, scheme })
    expect(result.tokenType.toLowerCase()).toBe(type)
    const response = await scheme.fetch(api, {
      method: 'POST',
      body: 'text',
      acquireToken: ({ claims, signal }) => acquireTokenForClient(app, { scopes, scheme, claims, signal }),
    })
    expect(response.status).toBe(200)
    const { key_id: keyId } = await scheme.binding()
    expect(await response.json()).toMatchObject({ claims: { cnf: type === 'pop' ? { kid: keyId } : { jkt: keyId } } })

    const user = { scopes: ['User.Read'], scheme }
    const flow = await initiateAuthCodeFlow(client, { ...user, redirectUri: 'http://localhost' })
    const { response: answer } = await emulator.signIn(flow.authUri, { username })
    const { account } = await acquireTokenByAuthCodeFlow(client, { flow, response: answer, scheme })
    const renewed = await acquireTokenSilent(client, { ...user, account, forceRefresh: true })
    expect((await scheme.fetch(api, { accessToken: renewed.accessToken })).status).toBe(200)
  })

  it('is of no use without the key, nor as a bearer token', async () => {
    const { emulator, app, scopes } = setUp(false)
    const create = () =>
      type === 'pop' ? signedHttpRequest({ fetch: emulator.fetch }) : dpop({ fetch: emulator.fetch })
    const { accessToken } = await acquireTokenForClient(app, { scopes, scheme: create() })
    expect((await create().fetch(api, { accessToken })).status).toBe(401)
    const bearer = await emulator.fetch(api, { headers: { authorization: `Bearer ${accessToken}` } })
    expect(bearer.status).toBe(401)
  })
})
