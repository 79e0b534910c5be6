import { createRemoteJWKSet, customFetch, decodeJwt, importX509, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'

const graph = '00000003-0000-0000-c000-000000000000'

async function claimsOf(response: Response) {
  const { access_token } = (await response.json()) as { access_token: string }
  return decodeJwt(access_token)
}

test('an app gets a token that verifies against the served keys', async () => {
  const emulator = createEmulator()
  const { tenantId, clientId, domain } = emulator.defaults
  const response = await requestToken(emulator)
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toContain('no-store')
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const { access_token, ...rest } = (await response.json()) as { access_token: string }
  expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 })

  const discovery = await emulator.fetch(
    `https://login.microsoftonline.com/${domain}/v2.0/.well-known/openid-configuration`,
  )
  const { jwks_uri, issuer } = (await discovery.json()) as { jwks_uri: string; issuer: string }
  const jwks = createRemoteJWKSet(new URL(jwks_uri), { [customFetch]: emulator.fetch })
  const { payload, protectedHeader } = await jwtVerify(access_token, jwks, { issuer, audience: graph })
  expect(payload).toMatchObject({ azp: clientId, tid: tenantId, ver: '2.0', azpacr: '1', roles: ['User.Read.All'] })
  expect(payload.oid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(payload.sub).toBe(payload.oid)
  expect(payload.exp! - payload.iat!).toBe(3599)
  expect(protectedHeader.x5t).toBe(protectedHeader.kid)
})

test('the key set carries a certificate of the key, and the issuer', async () => {
  const emulator = createEmulator()
  const { access_token } = (await (await requestToken(emulator)).json()) as { access_token: string }
  const response = await emulator.fetch('https://login.microsoftonline.com/common/discovery/v2.0/keys')
  const { keys } = (await response.json()) as { keys: { x5c: string[]; kid: string; issuer: string }[] }
  expect(keys).toHaveLength(1)
  expect(keys[0]!.issuer).toBe('https://login.microsoftonline.com/{tenantid}/v2.0')
  const pem = `-----BEGIN CERTIFICATE-----\n${keys[0]!.x5c[0]}\n-----END CERTIFICATE-----`
  await jwtVerify(access_token, await importX509(pem, 'RS256'))
})

test('clock, lifetime, refresh_in and key are options', async () => {
  const now = Date.UTC(2031, 0, 2, 3, 4, 5)
  const signingKey = generateSigningKey()
  const options = { now: () => now, tokenLifetime: 86_399, refreshIn: 43_199, signingKey }
  const response = await requestToken(createEmulator(options))
  const body = (await response.json()) as { access_token: string }
  expect(body).toMatchObject({ expires_in: 86_399, refresh_in: 43_199 })
  expect(decodeJwt(body.access_token)).toMatchObject({ iat: now / 1000, nbf: now / 1000, exp: now / 1000 + 86_399 })
  expect(response.headers.get('date')).toBe('Thu, 02 Jan 2031 03:04:05 GMT')
  await jwtVerify(body.access_token, (await signingKey).publicKey, { currentDate: new Date(now) })
})

test('tenants and apps add to the seed and replace it', async () => {
  const tenantId = 'aaaaaaaa-0000-4000-8000-000000000001'
  const emulator = createEmulator({
    tenants: [{ id: tenantId.toUpperCase(), domains: ['added.example'] }],
    apps: [{ clientId: 'app-1', tenantId, secrets: [{ value: 's' }], refreshIn: 9 }],
  })
  const fields = { client_id: 'app-1', client_secret: 's' }
  const response = await requestToken(emulator, fields, { tenant: 'added.example' })
  const body = (await response.json()) as { access_token: string; refresh_in: number }
  expect(body.refresh_in).toBe(9)
  expect(decodeJwt(body.access_token)).toMatchObject({ tid: tenantId, azp: 'app-1' })

  emulator.directory.addApp({ clientId: 'app-1', tenantId, isDisabled: true })
  expect((await requestToken(emulator, fields, { tenant: 'added.example' })).status).toBe(400)
})

test.each([
  [{ tokenLifetime: 0 }, /tokenLifetime/],
  [{ tenants: [{ id: '' }] }, /id is missing/],
  [{ apps: [{ clientId: '', tenantId: 't' }] }, /clientId is missing/],
  [{ apps: [{ clientId: 'c', tenantId: '' }] }, /tenantId is missing/],
])('a wrong option is a TypeError: %j', (options, message) => {
  expect(() => createEmulator(options)).toThrow(TypeError)
  expect(() => createEmulator(options)).toThrow(message)
})

test('the tenant can be its domain, and common and organizations stand for the app’s own', async () => {
  const emulator = createEmulator()
  const { domain, tenantId } = emulator.defaults
  for (const tenant of [domain, tenantId.toUpperCase(), 'common', 'organizations'])
    expect(await claimsOf(await requestToken(emulator, {}, { tenant }))).toMatchObject({ tid: tenantId })
})

test.each([
  ['https://login.microsoftonline.com', 'https://login.microsoftonline.com'],
  ['https://westus2.login.microsoft.com', 'https://login.microsoftonline.com'],
  ['https://login.microsoftonline.us', 'https://login.microsoftonline.us'],
  ['https://login.chinacloudapi.cn', 'https://login.partner.microsoftonline.cn'],
  ['http://localhost:1234', 'http://localhost:1234'],
])('the issuer of a token from %s starts with %s', async (host, origin) => {
  const emulator = createEmulator()
  const claims = await claimsOf(await requestToken(emulator, {}, { host }))
  expect(claims.iss).toBe(`${origin}/${emulator.defaults.tenantId}/v2.0`)
})

test('an API can ask for tokens of version 1', async () => {
  const { tenantId, clientId } = createEmulator().defaults
  const api = { clientId: 'api-1', tenantId, identifierUris: ['https://old.example'], accessTokenVersion: 1 } as const
  const emulator = createEmulator({ apps: [api] })
  const claims = await claimsOf(await requestToken(emulator, { scope: 'https://old.example/.default' }))
  expect(claims).toMatchObject({
    aud: 'https://old.example',
    iss: `https://sts.windows.net/${tenantId}/`,
    appid: clientId,
    appidacr: '1',
    ver: '1.0',
  })
})

test('client capabilities of the claims parameter end in xms_cc', async () => {
  const claims = JSON.stringify({ access_token: { xms_cc: { values: ['CP1'] } } })
  expect((await claimsOf(await requestToken(createEmulator(), { claims }))).xms_cc).toEqual(['CP1'])
  expect(await claimsOf(await requestToken(createEmulator()))).not.toHaveProperty('xms_cc')
})

test('the secret can come in Basic authentication', async () => {
  const emulator = createEmulator()
  const { clientId, clientSecret } = emulator.defaults
  const headers = { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` }
  const fields = { client_id: undefined, client_secret: undefined }
  expect((await requestToken(emulator, fields, { init: { headers } })).status).toBe(200)
  expect((await requestToken(emulator, {}, { init: { headers } })).status).toBe(400)
  const wrong = { authorization: `Basic ${btoa(`${clientId}:wrong`)}` }
  expect((await requestToken(emulator, fields, { init: { headers: wrong } })).status).toBe(401)
})

test('fetch can be detached, takes a Request, and honours an aborted signal', async () => {
  const { fetch, defaults } = createEmulator()
  const url = `${defaults.authority}/v2.0/.well-known/openid-configuration`
  expect((await fetch(new Request(url))).status).toBe(200)
  expect((await fetch(new URL(url), { headers: { accept: 'application/json' } })).status).toBe(200)
  const reason = new Error('enough')
  await expect(fetch(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  await expect(fetch('not a URL')).rejects.toThrow(TypeError)
})

test('ids are echoed, and a page may call', async () => {
  const emulator = createEmulator()
  const id = '5f3b9c1e-0d2a-4e6f-8a7b-1c2d3e4f5a6b'
  const headers = { 'client-request-id': id, 'return-client-request-id': 'true' }
  const response = await requestToken(emulator, {}, { init: { headers } })
  expect(response.headers.get('client-request-id')).toBe(id)
  expect(response.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect((await requestToken(emulator)).headers.get('client-request-id')).toBeNull()

  const asked = 'content-type, client-request-id, x-client-sku, x-app-name, x-ms-lib-capability, x-evil'
  const preflight = await emulator.fetch(`${emulator.defaults.authority}/oauth2/v2.0/token`, {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
  expect(preflight.headers.get('access-control-allow-headers')).toBe(asked.replace(', x-evil', ''))
})
