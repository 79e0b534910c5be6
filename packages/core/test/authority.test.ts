import { describe, expect, test } from 'vitest'
import {
  AZURE_CHINA,
  AZURE_PUBLIC,
  AZURE_US_GOVERNMENT,
  createPublicClient,
  entraAuthority,
  type Authority,
} from '@latchkey/core'
import { clientId, tenantId } from './fixtures/tokenService.js'

const parse = (authority: string): Authority => createPublicClient({ clientId, authority }).authority
const parseIssuer = (oidcAuthority: string): Authority => createPublicClient({ clientId, oidcAuthority }).authority

test.each<[string, Authority]>([
  [
    `https://login.microsoftonline.com/${tenantId}`,
    { kind: 'entra', url: `https://login.microsoftonline.com/${tenantId}`, host: AZURE_PUBLIC, tenant: tenantId },
  ],
  [
    'https://login.microsoftonline.com/common/',
    { kind: 'entra', url: 'https://login.microsoftonline.com/common', host: AZURE_PUBLIC, tenant: 'common' },
  ],
  [
    'HTTPS://Login.MicrosoftOnline.COM/Contoso.com',
    { kind: 'entra', url: 'https://login.microsoftonline.com/Contoso.com', host: AZURE_PUBLIC, tenant: 'Contoso.com' },
  ],
  [
    'https://login.microsoftonline.com/tfp/contoso/B2C_1_x',
    { kind: 'entra', url: 'https://login.microsoftonline.com/tfp/contoso/B2C_1_x', host: AZURE_PUBLIC, tenant: 'tfp' },
  ],
  ['https://login.azs/foo', { kind: 'entra', url: 'https://login.azs/foo', host: 'login.azs', tenant: 'foo' }],
  [
    'https://login.example.org:8443/foo',
    { kind: 'entra', url: 'https://login.example.org:8443/foo', host: 'login.example.org', tenant: 'foo' },
  ],
  [
    'https://adfs.contoso.com/adfs',
    { kind: 'adfs', url: 'https://adfs.contoso.com/adfs', host: 'adfs.contoso.com', tenant: 'adfs' },
  ],
  [
    'https://adfs.contoso.com/ADFS/',
    { kind: 'adfs', url: 'https://adfs.contoso.com/ADFS', host: 'adfs.contoso.com', tenant: 'ADFS' },
  ],
  ...['com', 'cn', 'us', 'de'].map((end): [string, Authority] => [
    `https://contoso.b2clogin.${end}/contoso.onmicrosoft.com/B2C_1_signin`,
    {
      kind: 'b2c',
      url: `https://contoso.b2clogin.${end}/contoso.onmicrosoft.com/B2C_1_signin`,
      host: `contoso.b2clogin.${end}`,
      tenant: 'contoso.onmicrosoft.com',
    },
  ]),
  [
    'https://login.contoso.com/contoso.onmicrosoft.com/b2c_1_x',
    {
      kind: 'b2c',
      url: 'https://login.contoso.com/contoso.onmicrosoft.com/b2c_1_x',
      host: 'login.contoso.com',
      tenant: 'contoso.onmicrosoft.com',
    },
  ],
  [
    'https://evilb2clogin.com/contoso/x',
    { kind: 'entra', url: 'https://evilb2clogin.com/contoso/x', host: 'evilb2clogin.com', tenant: 'contoso' },
  ],
  [
    'https://contoso.ciamlogin.com',
    {
      kind: 'ciam',
      url: 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com',
      host: 'contoso.ciamlogin.com',
      tenant: 'contoso.onmicrosoft.com',
    },
  ],
  [
    'https://Contoso.CiamLogin.com/',
    {
      kind: 'ciam',
      url: 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com',
      host: 'contoso.ciamlogin.com',
      tenant: 'contoso.onmicrosoft.com',
    },
  ],
  [
    'https://contoso.ciamlogin.com/x.onmicrosoft.com',
    {
      kind: 'ciam',
      url: 'https://contoso.ciamlogin.com/x.onmicrosoft.com',
      host: 'contoso.ciamlogin.com',
      tenant: 'x.onmicrosoft.com',
    },
  ],
  [
    'https://x.dsts.core.windows.net/dstsv2/common',
    {
      kind: 'oidc',
      url: 'https://x.dsts.core.windows.net/dstsv2/common',
      host: 'x.dsts.core.windows.net',
      tenant: 'dstsv2',
    },
  ],
  [
    'http://127.0.0.1:8400/common',
    { kind: 'entra', url: 'http://127.0.0.1:8400/common', host: '127.0.0.1', tenant: 'common' },
  ],
  [
    'http://localhost:8400/common',
    { kind: 'entra', url: 'http://localhost:8400/common', host: 'localhost', tenant: 'common' },
  ],
  ['http://[::1]:8400/common', { kind: 'entra', url: 'http://[::1]:8400/common', host: '[::1]', tenant: 'common' }],
])('%s is read', (text, expected) => {
  expect(parse(text)).toEqual(expected)
})

test('an issuer is taken for one whatever it looks like', () => {
  for (const url of [
    `https://login.microsoftonline.com/${tenantId}/v2.0`,
    'https://id.example/t',
    'https://x.b2clogin.com/t/B2C_1_x',
  ])
    expect(parseIssuer(url)).toMatchObject({ kind: 'oidc', url })
  expect(parseIssuer('http://localhost:9000/realms/one')).toMatchObject({
    kind: 'oidc',
    host: 'localhost',
    tenant: 'realms',
  })
})

describe('refuses', () => {
  test.each([
    ['', 'an empty text'],
    ['common', 'a tenant alone'],
    ['login.microsoftonline.com/common', 'no scheme'],
    ['//login.microsoftonline.com/common', 'no scheme either'],
    ['ftp://login.microsoftonline.com/common', 'another scheme'],
    ['javascript:alert(1)', 'a script'],
    ['https:login.microsoftonline.com/common', 'no slashes'],
    ['https:///common', 'no host'],
    ['https://login.microsoftonline.com', 'no tenant'],
    ['https://login.microsoftonline.com/', 'no tenant behind the slash'],
    ['https://login.microsoftonline.com//', 'an empty tenant'],
    ['https://login.microsoftonline.com//common', 'an empty segment'],
    ['http://login.microsoftonline.com/common', 'http'],
    ['http://localhost.evil.example/common', 'http that only begins like loopback'],
    ['http://evil.example/localhost', 'http with loopback elsewhere'],
    ['http://127.0.0.1.evil.example/common', 'http that only begins like an address'],
    ['http://0x7f.1/common', 'http to an address in other words'],
    ['http://2130706433/common', 'http to a number'],
    ['http://10.0.0.1/common', 'http to a private address'],
    ['https://user@login.microsoftonline.com/common', 'a user'],
    ['https://user:password@login.microsoftonline.com/common', 'credentials'],
    ['https://login.microsoftonline.com@evil.example/common', 'a host that is a user'],
    ['https://login.microsoftonline.com:@evil.example/common', 'a host that is a user with an empty password'],
    ['https://login.microsoftonline.com\\@evil.example/common', 'a backslash and a user'],
    ['https://login.microsoftonline.com\\evil.example/common', 'a backslash'],
    ['https://evil.example\\/common', 'a backslash before the path'],
    ['https:\\\\evil.example/common', 'backslashes for slashes'],
    ['https://login.microsoftonline.com/common?p=1', 'a query'],
    ['https://login.microsoftonline.com/common?', 'an empty query'],
    ['https://login.microsoftonline.com/common#x', 'a fragment'],
    ['https://login.microsoftonline.com/..', 'dots'],
    ['https://login.microsoftonline.com/common/../x', 'dots in the middle'],
    ['https://login.microsoftonline.com/./common', 'one dot'],
    ['https://login.microsoftonline.com/%2e%2e/x', 'escaped dots'],
    ['https://login.microsoftonline.com/.%2e/x', 'half escaped dots'],
    ['https://login.microsoftonline.com/a%2fb', 'an escaped slash'],
    ['https://login.microsoftonline.com/com mon', 'a blank'],
    [' https://login.microsoftonline.com/common', 'a blank in front'],
    ['https://login.microsoftonline.com/common\n', 'a line break'],
    ['https://login.microsoftonline.com\t/common', 'a tab'],
    ['https://lоgin.microsoftonline.com/common', 'a Cyrillic letter'],
    ['https://login。microsoftonline.com/common', 'an ideographic full stop'],
    ['https://ｌogin.microsoftonline.com/common', 'a full-width letter'],
    ['https://login\u212A.microsoftonline.com/common', 'a Kelvin sign'],
    ['https://login.microsoftonline.com/cömmon', 'a Unicode tenant'],
    ['https://login.microsoftonline.com:x/common', 'a port that is none'],
    ['https://[::2]/common', 'an address in brackets'],
    ['http://[::1].evil.example/common', 'more than an address'],
    ['https://ciamlogin.com', 'CIAM itself'],
  ])('%j: %s', (text) => {
    for (const read of [parse, parseIssuer]) {
      // A provider of its own may have no path.
      if (read === parseIssuer && (text === '' || /^https:\/\/[\w.]+\/?$/.test(text))) continue
      expect(() => read(text)).toThrow(TypeError)
      expect(() => read(text)).toThrow(/authority.*https:\/\/HOST\/TENANT/)
    }
  })

  test.each([42, {}, ['x'], true])('%o, which is no text', (value) => {
    expect(() => parse(value as never)).toThrow(TypeError)
  })
})

describe('entraAuthority', () => {
  test.each([
    [AZURE_PUBLIC, 'contoso.com', 'https://login.microsoftonline.com/contoso.com'],
    [AZURE_CHINA, tenantId, `https://login.chinacloudapi.cn/${tenantId}`],
    [`${AZURE_US_GOVERNMENT}/`, '/common/', 'https://login.microsoftonline.us/common'],
    [
      'contoso.b2clogin.com',
      'contoso.onmicrosoft.com/B2C_1_x',
      'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x',
    ],
  ])('of %s and %s', (cloud, tenant, url) => {
    expect(entraAuthority(cloud, tenant)).toBe(url)
    expect(parse(url).url).toBe(url)
  })

  test.each([
    ['', 'common'],
    ['/', 'common'],
    [AZURE_PUBLIC, ''],
    [AZURE_PUBLIC, '//'],
    [undefined, 'common'],
    [AZURE_PUBLIC, undefined],
    [5, 5],
  ])('refuses %o and %o', (cloud, tenant) => {
    expect(() => entraAuthority(cloud as string, tenant as string)).toThrow(TypeError)
    expect(() => entraAuthority(cloud as string, tenant as string)).toThrow(/cloud and tenant/)
  })
})
