import { describe, expect, test } from 'vitest'
import { acquireTokenForClient } from '@latchkey/core'
import { createClient, createService, rejection, scopes } from './fixtures/tokenService.js'

/** Gets a token from an issuer whose document names another (or the same). */
async function acquire(oidcAuthority: string, issuer: unknown) {
  const token_endpoint = `${new URL(oidcAuthority).origin}/t/token`
  const service = createService(({ method }) =>
    method === 'GET' ? Response.json({ issuer, token_endpoint }) : undefined,
  )
  return acquireTokenForClient(createClient(service, { authority: undefined, oidcAuthority }), { scopes })
}

const custom = 'https://id.example/tenant'
const guid = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'
const entra = (host: string): string => `https://${host}/${guid}/v2.0`

describe('an issuer is accepted', () => {
  test.each<[string, string, string]>([
    ['that equals the authority', custom, custom],
    ['but for a slash', custom, `${custom}/`],
    ['but for the authority’s slash', `${custom}/`, custom],
    ['on the same host', custom, 'https://id.example/other'],
    ['on the same host and port', 'https://id.example:8443/tenant', 'https://id.example:8443/'],
    ['of CIAM, named by the path', `https://login.contoso.com/contoso`, 'https://contoso.ciamlogin.com'],
    ['of CIAM with a slash', `https://login.contoso.com/contoso`, 'https://contoso.ciamlogin.com/'],
    ['of CIAM with the tenant', `https://login.contoso.com/contoso`, 'https://contoso.ciamlogin.com/contoso'],
    [
      'of CIAM with the version',
      `https://login.contoso.com/Contoso/v2.0`,
      'https://contoso.ciamlogin.com/contoso/v2.0/',
    ],
    ['of CIAM by a tenant id', `https://login.contoso.com/${guid}/v2.0`, `https://${guid}.ciamlogin.com/${guid}/v2.0`],
    ['of the public cloud for a host of one’s own', custom, entra('login.microsoftonline.com')],
    ['of China for a host of one’s own', custom, entra('login.partner.microsoftonline.cn')],
    ['of a region for a host of one’s own', custom, entra('westus2.login.microsoftonline.com')],
    ['of the same cloud by another name', entra('login.microsoftonline.com'), entra('login.windows.net')],
    ['of a region of the same cloud', entra('login.microsoftonline.com'), entra('westus2.login.microsoft.com')],
    ['of China by another name', entra('login.chinacloudapi.cn'), entra('login.partner.microsoftonline.cn')],
    ['of a region of the authority’s host', custom, 'https://westus2.id.example/tenant'],
    ...['com', 'cn', 'us', 'de'].map((end): [string, string, string] => [
      `of B2C (${end})`,
      'https://login.contoso.com/tenant',
      `https://contoso.b2clogin.${end}/${guid}/v2.0/`,
    ]),
  ])('%s', async (_, authority, issuer) => {
    expect(await acquire(authority, issuer)).toMatchObject({ source: 'identity_provider' })
  })
})

describe('an issuer is refused', () => {
  test.each<[string, string, unknown]>([
    ['that is missing', custom, undefined],
    ['that is null', custom, null],
    ['that is empty', custom, ''],
    ['that is no URL', custom, 'id.example'],
    ['that is a list', custom, ['https://evil.example/tenant']],
    ['that is an object', custom, { url: custom }],
    ['on another host', custom, 'https://evil.example/tenant'],
    ['on a host that only ends like it', custom, 'https://evilid.example/tenant'],
    ['two labels away', custom, 'https://a.b.id.example/tenant'],
    ['with a label that is no region', custom, 'https://west_us.id.example/tenant'],
    ['with a label that ends in a hyphen', custom, 'https://west-.id.example/tenant'],
    ['on another port', 'https://id.example:8443/tenant', 'https://id.example:9443/tenant'],
    ['by http on the same host', custom, 'http://id.example/tenant'],
    ['by http in the cloud', entra('login.microsoftonline.com'), 'http://login.windows.net/x'],
    ['by http at B2C', custom, 'http://contoso.b2clogin.com/x'],
    ['with the host as a user', custom, 'https://id.example@evil.example/tenant'],
    ['of another cloud', entra('login.microsoftonline.com'), entra('login.microsoftonline.us')],
    ['of a region of another cloud', entra('login.microsoftonline.us'), entra('westus2.login.microsoft.com')],
    ['on a host that only ends like Microsoft’s', custom, entra('evillogin.microsoftonline.com')],
    ['on a host that only begins like Microsoft’s', custom, 'https://login.microsoftonline.com.evil.example/x'],
    ['of another CIAM tenant alone', 'https://login.contoso.com/contoso', 'https://fabrikam.ciamlogin.com'],
    [
      'of another CIAM tenant throughout',
      'https://login.contoso.com/contoso',
      'https://fabrikam.ciamlogin.com/fabrikam/v2.0',
    ],
    ['of another CIAM tenant', 'https://login.contoso.com/contoso', 'https://fabrikam.ciamlogin.com/contoso/v2.0'],
    ['of CIAM with another path', 'https://login.contoso.com/contoso', 'https://contoso.ciamlogin.com/fabrikam/v2.0'],
    ['of CIAM with another version', 'https://login.contoso.com/contoso', 'https://contoso.ciamlogin.com/contoso/v1.0'],
    ['of CIAM itself', 'https://login.contoso.com/contoso', 'https://ciamlogin.com.evil.example/contoso'],
    ['on a host that only ends like CIAM', 'https://login.contoso.com/contoso', 'https://contosociamlogin.com/contoso'],
    ['on a host that only ends like B2C', custom, 'https://evilb2clogin.com/tenant'],
    ['on a host that only begins like B2C', custom, 'https://contoso.b2clogin.com.evil.example/tenant'],
    ['of B2C with another ending', custom, 'https://contoso.b2clogin.fr/tenant'],
  ])('%s', async (_, authority, issuer) => {
    const error = await rejection(acquire(authority, issuer))
    expect(error).toMatchObject({ code: 'invalid_authority', message: expect.stringContaining(authority) as string })
  })
})

test('the issuer of an Entra tenant is a template, and not compared', async () => {
  const document = {
    issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
    token_endpoint: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
  }
  const service = createService(({ method }) => (method === 'GET' ? Response.json(document) : undefined))
  const client = createClient(service, { authority: 'https://login.microsoftonline.com/contoso.com' })
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
})
