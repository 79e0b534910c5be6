import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenForClient,
  acquireTokenSilent,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  initiateAuthCodeFlow,
  isAuthError,
} from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import { dpop, indexedDbKeys, signedHttpRequest, verifyDpopProof, verifySignedHttpRequest } from '@latchkey/pop'

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

it('keeps a key in IndexedDB where there is one, and says so where there is none', async () => {
  const name = `dpop ${crypto.randomUUID()}`
  const keyOf = async () => (await dpop({ keys: indexedDbKeys({ name }) }).binding()).key_id
  if ('indexedDB' in globalThis) {
    const [one, two] = await Promise.all([keyOf(), keyOf()])
    expect([two, await keyOf()]).toEqual([one, one])
  } else
    expect(
      await keyOf().then(
        () => 'kept',
        (error: unknown) => isAuthError(error) && error.code,
      ),
    ).toBe('storage_unavailable')
})

it('lets an API take a request with its proof, once', async () => {
  const { keys, issuer, audience, sign } = await createIssuer()
  for (const [scheme, verify, member] of [
    [signedHttpRequest(), verifySignedHttpRequest, 'kid'],
    [dpop(), verifyDpopProof, 'jkt'],
  ] as const) {
    const { key_id: keyId } = await scheme.binding()
    const accessToken = await sign({ [member]: keyId })
    const headers = await scheme.authorize({ method: 'GET', url: api }, accessToken)
    const check = () => verify(new Request(api, { headers }), { keys, issuer, audience })
    expect((await check()).keyId).toBe(keyId)
    const again: unknown = await check().catch((error: unknown) => error)
    expect(isAuthError(again) && again.code).toBe('access_denied')
  }
})

/** An issuer in this process. */
async function createIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const [issuer, audience] = ['https://login.example', 'api://orders']
  const sign = (cnf: object) =>
    new SignJWT({ iss: issuer, aud: audience, cnf })
      .setProtectedHeader({ alg: 'RS256' })
      .setExpirationTime('1 hour')
      .sign(privateKey)
  return { keys: { keys: [await exportJWK(publicKey)] }, issuer, audience, sign }
}
