import { ConfidentialClientApplication, type INetworkModule, type NodeAuthOptions } from '@azure/msal-node'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { expect, test } from 'vitest'
import { createCertificate, createEmulator, serve } from '@latchkey/emulator'
import { networkClient } from './msalNetwork.js'

const clientId = '3c2b1a09-8f7e-4d6c-9b5a-4e3f2d1c0b9a'
const certificate = await createCertificate()
const { tenantId } = createEmulator().defaults
const create = () =>
  createEmulator({
    apps: [{ clientId, tenantId, secrets: [{ value: 's3cret&=+ é' }], certificates: [certificate.certificate] }],
  })

function createApp(credential: Partial<NodeAuthOptions>, network: INetworkModule, host = 'login.microsoftonline.com') {
  return new ConfidentialClientApplication({
    auth: { clientId, authority: `https://${host}/${tenantId}`, ...credential },
    system: { networkClient: network },
  })
}

const secret = { clientSecret: 's3cret&=+ é' }
const keyPair = { privateKey: certificate.privateKey, thumbprintSha256: certificate.thumbprintSha256 }
const scopes = ['https://graph.microsoft.com/.default']

test.each([
  ['a secret', secret, '1'],
  ['a certificate', { clientCertificate: keyPair }, '2'],
  ['a certificate sent whole', { clientCertificate: { ...keyPair, x5c: certificate.certificate } }, '2'],
])('MSAL Node gets an app token in process with %s', async (_, credential, azpacr) => {
  const emulator = create()
  const result = await createApp(credential, networkClient(emulator.fetch)).acquireTokenByClientCredential({ scopes })
  expect(result).toMatchObject({ tokenType: 'Bearer', fromCache: false })
  const keys = await emulator.fetch(`https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`)
  const jwks = createLocalJWKSet((await keys.json()) as JSONWebKeySet)
  const { payload } = await jwtVerify(result!.accessToken, jwks)
  expect(payload).toMatchObject({ azp: clientId, azpacr })
})

test.each([
  ['a secret', secret],
  ['a certificate', { clientCertificate: keyPair }],
])('MSAL Node gets an app token over a socket with %s', async (_, credential) => {
  const emulator = create()
  const served = await serve(emulator)
  try {
    const toSocket = (url: string): string => url.replace('https://login.microsoftonline.com', served.url)
    const app = createApp(
      credential,
      networkClient((url, init) => fetch(toSocket(url), init)),
    )
    const result = await app.acquireTokenByClientCredential({ scopes })
    expect(result).toMatchObject({ tokenType: 'Bearer', fromCache: false })
    expect(emulator.requests.map(({ status }) => status)).not.toContain(0)
    expect(emulator.requests.at(-1)).toMatchObject({ method: 'POST', status: 200 })
  } finally {
    await served.close()
  }
})

test('MSAL Node understands the errors', async () => {
  const emulator = create()
  const network = networkClient(emulator.fetch)
  const wrong = createApp({ clientSecret: 'wrong' }, network)
  await expect(wrong.acquireTokenByClientCredential({ scopes })).rejects.toMatchObject({
    errorCode: 'invalid_client',
    errorMessage: expect.stringContaining('AADSTS7000215'),
  })
  const unknown = createApp(secret, network, 'login.unknown.example')
  await expect(unknown.acquireTokenByClientCredential({ scopes })).rejects.toMatchObject({
    errorCode: 'endpoints_resolution_error',
  })
  expect(emulator.requests.find(({ url }) => url.includes('/discovery/instance?'))).toMatchObject({ status: 400 })
})

test('MSAL Node sends regional requests', async () => {
  const emulator = create()
  const app = createApp(secret, networkClient(emulator.fetch))
  const result = await app.acquireTokenByClientCredential({ scopes, azureRegion: 'westus2' })
  expect(result).toMatchObject({ tokenType: 'Bearer' })
  expect(new URL(emulator.requests.at(-1)!.url).host).toBe('westus2.login.microsoft.com')
})

test('MSAL Node finds its way by discovery on a host of one’s own', async () => {
  const emulator = create()
  const app = createApp({ ...secret, knownAuthorities: ['id.example'] }, networkClient(emulator.fetch), 'id.example')
  expect(await app.acquireTokenByClientCredential({ scopes })).toMatchObject({ tokenType: 'Bearer' })
  expect(emulator.requests.map(({ url }) => new URL(url).pathname)).toEqual([
    `/${tenantId}/v2.0/.well-known/openid-configuration`,
    `/${tenantId}/oauth2/v2.0/token`,
  ])
})
