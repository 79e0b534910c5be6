import { expect, test } from 'vitest'
import { createEmulator } from '@latchkey/emulator'

const emulator = createEmulator()
const { tenantId, domain } = emulator.defaults
const consumersId = '9188040d-6c67-4c5b-b112-36a304b66dad'
const host = 'https://login.microsoftonline.com'

async function get(url: string): Promise<{ status: number; body: Record<string, any> }> {
  const response = await emulator.fetch(url)
  return { status: response.status, body: (await response.json()) as Record<string, any> }
}

test.each([
  ['login.microsoftonline.com', tenantId, tenantId, tenantId, 'login.microsoftonline.com'],
  ['login.microsoftonline.com', domain, tenantId, tenantId, 'login.microsoftonline.com'],
  ['login.microsoftonline.com', 'CONTOSO.com', tenantId, tenantId, 'login.microsoftonline.com'],
  ['login.microsoftonline.com', 'common', 'common', '{tenantid}', 'login.microsoftonline.com'],
  ['login.windows.net', 'organizations', 'organizations', '{tenantid}', 'login.microsoftonline.com'],
  ['login.microsoftonline.us', 'consumers', 'consumers', consumersId, 'login.microsoftonline.us'],
  ['westus2.login.microsoft.com', tenantId, tenantId, tenantId, 'login.microsoftonline.com'],
  ['id.example', 'common', 'common', '{tenantid}', 'id.example'],
])('tenant discovery on %s of %s', async (host, tenant, segment, issuerSegment, issuerHost) => {
  const { status, body } = await get(`https://${host}/${tenant}/v2.0/.well-known/openid-configuration`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    token_endpoint: `https://${host}/${segment}/oauth2/v2.0/token`,
    authorization_endpoint: `https://${host}/${segment}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `https://${host}/${segment}/oauth2/v2.0/devicecode`,
    jwks_uri: `https://${host}/${segment}/discovery/v2.0/keys`,
    issuer: `https://${issuerHost}/${issuerSegment}/v2.0`,
  })
})

test('tenant discovery without /v2.0 and with a doubled slash', async () => {
  const v1 = await get(`https://login.microsoftonline.com/${domain}/.well-known/openid-configuration`)
  expect(v1.body).toMatchObject({
    issuer: `https://sts.windows.net/${tenantId}/`,
    token_endpoint: `https://login.microsoftonline.com/${tenantId}/oauth2/token`,
  })
  const doubled = await get(`https://login.microsoftonline.com/common//v2.0/.well-known/openid-configuration`)
  expect(doubled.status).toBe(200)
})

test.each([
  ['nowhere.example', 90002],
  ['not%20a%20name', 900023],
])('tenant discovery of unknown tenant %s', async (tenant, number) => {
  const { status, body } = await get(`${host}/${tenant}/v2.0/.well-known/openid-configuration`)
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_tenant', error_codes: [number] })
})

function instanceUrl(endpoint: string, version: string, origin = 'https://login.microsoftonline.com'): string {
  const query = new URLSearchParams({ authorization_endpoint: endpoint, 'api-version': version })
  return `${origin}/common/discovery/instance?${query}`
}

test.each([
  ['https://login.microsoftonline.com/common/oauth2/v2.0/authorize', 'https://login.microsoftonline.com/common/v2.0'],
  ['https://login.windows.net/contoso.com/oauth2/v2.0/authorize', 'https://login.windows.net/contoso.com/v2.0'],
  ['https://westus2.login.microsoft.com/common/oauth2/authorize', 'https://westus2.login.microsoft.com/common'],
])('instance discovery knows %s', async (endpoint, base) => {
  const older = await get(instanceUrl(endpoint, '1.0'))
  expect(older.body).toEqual({ tenant_discovery_endpoint: `${base}/.well-known/openid-configuration` })
  const { status, body } = await get(instanceUrl(endpoint, '1.1'))
  expect(status).toBe(200)
  expect(body).toMatchObject({ ...older.body, 'api-version': '1.1' })
  expect(body.metadata[0]).toEqual({
    preferred_network: 'login.microsoftonline.com',
    preferred_cache: 'login.windows.net',
    aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  })
  expect(body.metadata).toHaveLength(5)
})

test.each([
  'https://login.microsoftonline.com.evil.example/common/oauth2/v2.0/authorize',
  'https://evil-login.microsoftonline.com/common/oauth2/v2.0/authorize',
  'https://login.unknown.example/common/oauth2/v2.0/authorize',
  'not a URL',
])('instance discovery does not know %s', async (endpoint) => {
  const { status, body } = await get(instanceUrl(endpoint, '1.1'))
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_instance', error_codes: [50049] })
})

test('instance discovery knows the host that it is asked on', async () => {
  const endpoint = 'http://localhost:1234/common/oauth2/v2.0/authorize'
  const { body } = await get(instanceUrl(endpoint, '1.1', 'http://localhost:1234'))
  expect(body.tenant_discovery_endpoint).toBe('http://localhost:1234/common/v2.0/.well-known/openid-configuration')
  expect(body.metadata.at(-1).aliases).toEqual(['localhost:1234'])
})

test('instance discovery needs its parameters', async () => {
  const { status, body } = await get('https://login.microsoftonline.com/common/discovery/instance?api-version=1.1')
  expect(status).toBe(400)
  expect(body).toMatchObject({ error_codes: [90014] })
  expect((await get(instanceUrl(`${host}/common`, '7'))).body).toMatchObject({ error_codes: [90014] })
})
