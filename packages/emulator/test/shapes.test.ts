import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey, type Emulator } from '@latchkey/emulator'
import { claimsOf, fromClientInfo, redirectUri, verifier, type Tokens } from './userFlow.js'

const signingKey = generateSigningKey()
const b2cId = '7d0e5c2b-9a41-4b8f-bc63-1f2e3d4c5b6a'
const ciamId = 'c4b3a291-6f5e-4d7c-8b0a-9e1d2c3f4a5b'

interface Metadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  readonly device_authorization_endpoint?: string
  readonly end_session_endpoint: string
}

async function discover(emulator: Emulator, authority: string, version = '/v2.0'): Promise<Metadata> {
  return (await (await emulator.fetch(`${authority}${version}/.well-known/openid-configuration`)).json()) as Metadata
}

/** Signs in with nothing but what discovery says. */
async function signIn(emulator: Emulator, metadata: Metadata, username: string, scope: string) {
  const client_id = emulator.defaults.publicClientId
  const query = new URLSearchParams({
    ...{ client_id, response_type: 'code', redirect_uri: redirectUri, scope, nonce: 'n', client_info: '1', state: 's' },
    ...{ code_challenge: verifier, code_challenge_method: 'plain' },
  })
  const { response } = await emulator.signIn(`${metadata.authorization_endpoint}?${query}`, { username })
  const redeem = async (fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id, client_info: '1', ...fields })
    return (await (await emulator.fetch(metadata.token_endpoint, { method: 'POST', body })).json()) as Tokens
  }
  const tokens = await redeem({
    ...{ grant_type: 'authorization_code', code: response.code!, redirect_uri: redirectUri, code_verifier: verifier },
  })
  const jwks = createRemoteJWKSet(new URL(metadata.jwks_uri), { [customFetch]: emulator.fetch })
  const { payload } = await jwtVerify(tokens.id_token, jwks, { issuer: metadata.issuer, audience: client_id })
  return { response, tokens, payload, redeem }
}

test.each([
  ['a policy in the path', 'https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_signin', 'tenant', ''],
  ['tfp', 'https://contosob2c.b2clogin.com/tfp/contosob2c.onmicrosoft.com/b2c_1_signin', 'tenant', '/tfp'],
  [
    'tfp on the central host',
    'https://login.microsoftonline.com/tfp/contosob2c.onmicrosoft.com/B2C_1_signin',
    'tfp',
    '/tfp',
  ],
  ['a port', 'http://localhost:8400/contosob2c.onmicrosoft.com/B2C_1_signin', 'tfp', ''],
] as const)('B2C with %s', async (_, authority, issuerForm, prefix) => {
  const emulator = createEmulator({ signingKey })
  emulator.directory.addTenant({ ...emulator.directory.tenants.get(b2cId)!, issuerForm })
  const metadata = await discover(emulator, authority)
  const { origin } = new URL(authority)
  expect(metadata).toMatchObject({
    issuer: issuerForm === 'tfp' ? `${origin}/tfp/${b2cId}/B2C_1_signin/v2.0/` : `${origin}/${b2cId}/v2.0/`,
    token_endpoint: `${origin}${prefix}/contosob2c.onmicrosoft.com/b2c_1_signin/oauth2/v2.0/token`,
  })
  expect(metadata).not.toHaveProperty('device_authorization_endpoint')
  const { response, tokens, payload, redeem } = await signIn(
    emulator,
    metadata,
    'cleo@example.com',
    `${emulator.defaults.publicClientId} openid offline_access`,
  )
  const cleo = emulator.directory.findUser('cleo@example.com')!
  expect(response.iss).toBe(metadata.issuer)
  for (const text of [response.client_info!, tokens.client_info])
    expect(fromClientInfo(text)).toEqual({ uid: `${cleo.id}-b2c_1_signin`, utid: b2cId })
  expect(payload).toMatchObject({ tfp: 'B2C_1_signin', sub: cleo.id, nonce: 'n' })
  expect(payload).not.toHaveProperty('tid')
  expect(tokens.scope).toBe(`${emulator.defaults.publicClientId} openid offline_access`)
  expect(claimsOf(tokens.access_token)).toMatchObject({ aud: emulator.defaults.publicClientId, iss: metadata.issuer })
  const { refresh_token } = tokens
  const onlyOpenid = await redeem({ grant_type: 'refresh_token', refresh_token, scope: 'openid offline_access' })
  expect(onlyOpenid).toHaveProperty('id_token')
  expect(onlyOpenid).not.toHaveProperty('access_token')
})

test('B2C knows its policies and its people only', async () => {
  const emulator = createEmulator({ signingKey })
  const base = 'https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com'
  for (const path of ['/B2C_1_unknown', ''])
    expect((await emulator.fetch(`${base}${path}/v2.0/.well-known/openid-configuration`)).status).toBe(404)
  const query = await emulator.fetch(`${base}/v2.0/.well-known/openid-configuration?p=B2C_1_edit_profile`)
  expect(await query.json()).toMatchObject({ token_endpoint: `${base}/b2c_1_edit_profile/oauth2/v2.0/token` })
  const metadata = await discover(emulator, `${base}/B2C_1_signin`)
  await expect(signIn(emulator, metadata, 'ada@contoso.com', 'openid')).rejects.toThrow('AADSTS50020')
  const work = await emulator.fetch(
    'https://login.microsoftonline.com/contoso.com/b2c_1/v2.0/.well-known/openid-configuration',
  )
  expect(work.status).toBe(404)
})

test('External ID', async () => {
  const emulator = createEmulator({ signingKey })
  const metadata = await discover(emulator, 'https://contosociam.ciamlogin.com/contosociam.onmicrosoft.com')
  expect(metadata).toMatchObject({
    issuer: `https://${ciamId}.ciamlogin.com/${ciamId}/v2.0`,
    token_endpoint: `https://contosociam.ciamlogin.com/${ciamId}/oauth2/v2.0/token`,
    device_authorization_endpoint: `https://contosociam.ciamlogin.com/${ciamId}/oauth2/v2.0/devicecode`,
  })
  const { response, tokens, payload } = await signIn(emulator, metadata, 'cody@example.com', 'User.Read openid profile')
  const cody = emulator.directory.findUser('cody@example.com')!
  expect(response.iss).toBe(metadata.issuer)
  expect(payload).toMatchObject({ tid: ciamId, oid: cody.id, preferred_username: 'cody@example.com' })
  expect(fromClientInfo(tokens.client_info)).toEqual({ uid: cody.id, utid: ciamId })
  const created = await emulator.signIn(
    `${metadata.authorization_endpoint}?${new URLSearchParams({
      ...{ client_id: emulator.defaults.publicClientId, response_type: 'code', redirect_uri: redirectUri },
      ...{ scope: 'openid', prompt: 'create' },
    })}`,
    { username: 'fresh@example.com' },
  )
  expect(created.response).toHaveProperty('code')
  expect(emulator.directory.findUser('fresh@example.com')).toMatchObject({ tenantId: ciamId })
})

test('AD FS', async () => {
  const emulator = createEmulator({ signingKey })
  const authority = 'https://adfs.contoso.com/adfs'
  const metadata = await discover(emulator, authority, '')
  expect(metadata).toMatchObject({
    issuer: authority,
    token_endpoint: `${authority}/oauth2/token`,
    device_authorization_endpoint: `${authority}/oauth2/devicecode`,
  })
  const { response, tokens, payload, redeem } = await signIn(
    emulator,
    metadata,
    'fay@federated.contoso.com',
    'api://things/openid openid offline_access',
  )
  expect(response).not.toHaveProperty('client_info')
  expect(tokens).not.toHaveProperty('client_info')
  expect(tokens.resource).toBe('api://things')
  expect(payload).toMatchObject({ upn: 'fay@federated.contoso.com', sub: expect.any(String), nonce: 'n' })
  expect(payload).not.toHaveProperty('oid')
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  expect((await emulator.fetch('https://api.example/resource', { headers })).status).toBe(200)

  const refreshed = await redeem({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, scope: 'openid' })
  expect(claimsOf(refreshed.access_token)).toMatchObject({
    aud: 'urn:microsoft:userinfo',
    iss: `${authority}/services/trust`,
  })
  const fay = { username: 'fay@federated.contoso.com', password: 'fay-password' }
  expect(await redeem({ grant_type: 'password', scope: 'openid', ...fay })).toHaveProperty('id_token')
  const ada = { username: 'ada@contoso.com', password: 'ada-password' }
  expect(await redeem({ grant_type: 'password', scope: 'openid', ...ada })).toMatchObject({ error_codes: [50020] })

  const body = new URLSearchParams({ client_id: emulator.defaults.publicClientId, resource: 'api://things' })
  const device = await emulator.fetch(metadata.device_authorization_endpoint!, { method: 'POST', body })
  const { user_code, device_code, verification_uri } = (await device.json()) as Record<string, string>
  expect(verification_uri).toBe(`${authority}/oauth2/deviceauth`)
  await emulator.approveDevice(user_code!, { username: fay.username })
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  expect(await redeem({ grant_type, device_code: device_code! })).toMatchObject({ resource: 'api://things' })
})

test('without federated domains there is no AD FS', async () => {
  const emulator = createEmulator({ signingKey })
  const tenant = emulator.directory.tenants.get(emulator.defaults.tenantId)!
  emulator.directory.addTenant({ ...tenant, federatedDomains: [] })
  expect((await emulator.fetch('https://x.example/adfs/.well-known/openid-configuration')).status).toBe(400)
  expect((await emulator.fetch('https://x.example/adfs/services/trust/mex')).status).toBe(404)
})
