import { describe, expect, test } from 'vitest'
import { acquireTokenByAuthorizationCode, type PublicClientOptions } from '@latchkey/core'
import { clientId, start, tenantId } from './fixtures/tokenService.js'
import { createUserClient, idToken, userToken } from './fixtures/userService.js'

const other = '99999999-8888-7777-6666-555555555555'
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad'
const entra = 'https://login.microsoftonline.com'
const b2c = 'https://contoso.b2clogin.com'
const ciam = 'https://contoso.ciamlogin.com'
const own = 'https://login.private.example'

interface Case {
  name: string
  options: Partial<PublicClientOptions>
  /** What the discovery document says, where it is asked. */
  document?: Record<string, unknown>
  /** The issuer and tenant of a good ID token. */
  good: Record<string, unknown>
  /** Issuers, with their tenants, that are not this authority's. */
  foreign: Record<string, unknown>[]
}

const work = { iss: `${entra}/${tenantId}/v2.0`, tid: tenantId }
const home = { iss: `${entra}/${personal}/v2.0`, tid: personal }
const elsewhere = { iss: `https://login.microsoftonline.us/${tenantId}/v2.0`, tid: tenantId }
const evil = { iss: `https://evil.example/${tenantId}/v2.0`, tid: tenantId }
const mixed = { iss: `${entra}/${tenantId}/v2.0`, tid: other }
/** Generic providers have no `tid`; a claim that looks like one says nothing. */
const without = (iss: string): Record<string, unknown> => ({ iss, tid: undefined })

const cases: Case[] = [
  { name: 'common', options: { authority: `${entra}/common` }, good: work, foreign: [elsewhere, evil, mixed] },
  {
    name: 'common, version 1',
    options: { authority: `${entra}/common` },
    good: { ...work, iss: `https://sts.windows.net/${tenantId}/` },
    foreign: [mixed],
  },
  {
    name: 'organizations',
    options: { authority: `${entra}/organizations` },
    good: work,
    foreign: [home, elsewhere, evil, mixed],
  },
  { name: 'consumers', options: { authority: `${entra}/consumers` }, good: home, foreign: [work, elsewhere, evil] },
  {
    name: 'a tenant',
    options: { authority: `${entra}/${tenantId}` },
    good: work,
    foreign: [home, elsewhere, evil, mixed, { iss: `${entra}/${other}/v2.0`, tid: other }],
  },
  {
    name: 'a tenant in capitals',
    options: { authority: `${entra}/${tenantId.toUpperCase()}` },
    good: work,
    foreign: [{ iss: `${entra}/${other}/v2.0`, tid: other }],
  },
  {
    name: 'the tenant of personal accounts',
    options: { authority: `${entra}/${personal}` },
    good: home,
    foreign: [work],
  },
  {
    name: 'a domain',
    options: { authority: `${entra}/contoso.com` },
    document: { issuer: `${entra}/${tenantId}/v2.0`, token_endpoint: `${entra}/${tenantId}/oauth2/v2.0/token` },
    good: work,
    foreign: [
      home,
      elsewhere,
      evil,
      { iss: `${entra}/${other}/v2.0`, tid: other },
      { iss: `${entra}/contoso.com/v2.0`, tid: 'contoso.com' },
    ],
  },
  {
    name: 'another cloud',
    options: { authority: `https://login.microsoftonline.us/${tenantId}` },
    good: elsewhere,
    foreign: [work, evil],
  },
  ...['common', 'organizations'].map((tenant) => ({
    name: `${tenant} of a cloud of one’s own`,
    options: { authority: `${own}/${tenant}`, instanceDiscovery: false },
    document: { issuer: `${own}/{tenantid}/v2.0`, token_endpoint: `${own}/${tenant}/oauth2/v2.0/token` },
    good: { iss: `${own}/${tenantId}/v2.0`, tid: tenantId },
    foreign: [
      work,
      { iss: `${own}/${tenantId}/v2.0`, tid: other },
      { iss: `${own}/{tenantid}/v2.0`, tid: tenantId },
      ...(tenant === 'organizations' ? [{ iss: `${own}/${personal}/v2.0`, tid: personal }] : []),
    ],
  })),
  {
    name: 'B2C',
    options: { authority: `${b2c}/contoso.onmicrosoft.com/B2C_1_signin` },
    document: {
      issuer: `${b2c}/${tenantId}/v2.0/`,
      token_endpoint: `${b2c}/contoso.onmicrosoft.com/b2c_1_signin/oauth2/v2.0/token`,
    },
    good: without(`${b2c}/${tenantId}/v2.0/`),
    foreign: [work, without(`${b2c}/${other}/v2.0/`), without(`https://fabrikam.b2clogin.com/${tenantId}/v2.0/`)],
  },
  {
    name: 'External ID',
    options: { authority: ciam },
    document: {
      issuer: `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`,
      token_endpoint: `${ciam}/${tenantId}/oauth2/v2.0/token`,
    },
    good: { iss: `https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`, tid: tenantId },
    foreign: [work, { iss: `https://${other}.ciamlogin.com/${other}/v2.0`, tid: other }],
  },
  {
    name: 'AD FS',
    options: { authority: 'https://adfs.contoso.com/adfs' },
    document: {
      issuer: 'https://adfs.contoso.com/adfs',
      token_endpoint: 'https://adfs.contoso.com/adfs/oauth2/token/',
    },
    good: without('https://adfs.contoso.com/adfs'),
    foreign: [work, without('https://adfs.fabrikam.com/adfs'), without('https://adfs.contoso.com')],
  },
  {
    name: 'an OpenID provider',
    options: { authority: undefined, oidcAuthority: 'https://id.example/realm' },
    document: { issuer: 'https://id.example/realm', token_endpoint: 'https://id.example/realm/token' },
    good: without('https://id.example/realm'),
    foreign: [
      work,
      without('https://id.example'),
      without('https://id.example/other'),
      without('http://id.example/realm'),
      { iss: 'https://id.example/{tenantid}', tid: 'realm' },
    ],
  },
]

describe.each(cases)('at $name', ({ options, document, good, foreign }) => {
  /** Signs in, and says what came of it and whether anything was kept. */
  async function signIn(claims: Record<string, unknown>, header?: Record<string, unknown>) {
    const token = idToken({ ...good, ...claims }, header)
    const { client, cache } = createUserClient(
      ({ method }) =>
        method === 'POST' ? userToken(undefined, { id_token: token }) : document && Response.json(document),
      options,
    )
    const request = { code: 'code', scopes: ['User.Read'], nonce: 'n' }
    const outcome = await acquireTokenByAuthorizationCode(client, request).then(
      ({ idTokenClaims }) => idTokenClaims?.['iss'],
      ({ code, message }: { code: string; message: string }) => `${code} ${message.split(': ')[1]}`,
    )
    return { outcome, isKept: cache.serialize() !== '{}' }
  }

  test('the provider’s own is taken', async () => {
    expect(await signIn({ nonce: 'n' })).toEqual({ outcome: good['iss'], isKept: true })
  })

  test.each<[claim: string, Record<string, unknown>]>([
    ['aud', { aud: other }],
    ['aud', { aud: clientId.toUpperCase().replace('1', 'A') }],
    ['aud', { aud: [other, clientId] }],
    ['exp', { exp: start - 121 }],
    ['nbf', { nbf: start + 121 }],
    ['sub', { sub: ' ' }],
  ])('one whose %s is wrong is not (%j)', async (claim, claims) => {
    expect(await signIn({ nonce: 'n', ...claims })).toEqual({ outcome: `id_token_invalid ${claim}`, isKept: false })
  })

  test('one with another nonce is not, and one without', async () => {
    for (const nonce of ['N', 'nn', '', ['n'], undefined])
      expect(await signIn({ nonce })).toEqual({ outcome: 'nonce_mismatch nonce', isKept: false })
  })

  test('one that says “alg: none” is not', async () => {
    expect(await signIn({ nonce: 'n' }, { alg: 'none' })).toEqual({ outcome: 'id_token_invalid alg', isKept: false })
  })

  test.each(foreign)('nor is one of $iss for $tid', async (claims) => {
    expect(await signIn({ nonce: 'n', ...claims })).toEqual({ outcome: 'id_token_invalid iss', isKept: false })
  })

  test.each([
    ['iss', { iss: 5 }],
    ['iss', { iss: '' }],
    ['iss', { iss: [good['iss']] }],
    ['iss', { iss: `${String(good['iss'])}#` }],
  ])('nor is one whose %s is no name (%j)', async (_claim, claims) => {
    expect(await signIn({ nonce: 'n', ...claims })).toEqual({ outcome: 'id_token_invalid iss', isKept: false })
  })
})

test('a provider that names its algorithms gets no others', async () => {
  const issuer = 'https://id.example'
  const signIn = async (alg: string) => {
    const { client, cache } = createUserClient(
      ({ method }) =>
        method === 'POST'
          ? userToken(undefined, { id_token: idToken({ iss: issuer }, { alg }) })
          : Response.json({
              issuer,
              token_endpoint: `${issuer}/token`,
              id_token_signing_alg_values_supported: ['PS256'],
            }),
      { authority: undefined, oidcAuthority: issuer },
    )
    const call = acquireTokenByAuthorizationCode(client, { code: 'code', scopes: ['User.Read'] })
    return [
      await call.then(
        () => 'signed in',
        (error: Error) => error.message,
      ),
      cache.serialize() === '{}',
    ]
  }
  expect(await signIn('PS256')).toEqual(['signed in', false])
  expect(await signIn('RS256')).toEqual(['Cannot trust the ID token: alg', true])
})
