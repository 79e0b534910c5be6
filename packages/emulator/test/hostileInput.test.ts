import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'

const emulator = createEmulator({ signingKey: generateSigningKey() })
const host = 'https://login.microsoftonline.com'

function post(body: BodyInit, path = `/${emulator.defaults.tenantId}/oauth2/v2.0/token`): Promise<Response> {
  return emulator.fetch(host + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
}

test('a body of 50 kB is read, and one above 1 MB is refused', async () => {
  expect((await requestToken(emulator, { filler: 'x'.repeat(50_000) })).status).toBe(200)
  expect((await requestToken(emulator, { filler: 'x'.repeat(1_048_576) })).status).toBe(413)
  expect(emulator.requests.at(-1)).toMatchObject({ status: 413 })
})

test('a body without an end is refused without being read', async () => {
  let pulls = 0
  const endless = new ReadableStream({
    pull(controller) {
      pulls++
      controller.enqueue(new Uint8Array(65_536))
    },
  })
  expect((await post(endless)).status).toBe(413)
  expect(pulls).toBeLessThan(40)
})

test.each([
  ['repeated parameters', 'grant_type=client_credentials&grant_type=client_credentials', 9002313],
  ['a bad percent encoding', 'grant_type=%zz%', 70003],
  ['bytes that are not UTF-8', Uint8Array.of(0x61, 0x3d, 0xff, 0xfe), 900144],
  ['a prototype name', '__proto__=x&constructor=y', 900144],
  ['nothing', '', 900144],
])('%s', async (_, body, number) => {
  const response = await post(body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error_codes: [number] })
})

test.each([
  ['/__proto__/oauth2/v2.0/token', 400],
  ['/constructor/oauth2/v2.0/token', 400],
  ['/%zz/oauth2/v2.0/token', 400],
  ['/%00/oauth2/v2.0/token', 400],
  ['/%2e%2e/oauth2/v2.0/token', 404],
  ['/a/../../oauth2/v2.0/token', 404],
  ['/', 404],
  ['//', 404],
  [`/${'a'.repeat(10_000)}/oauth2/v2.0/token`, 400],
])('the path %s', async (path, status) => {
  const response = await post('grant_type=client_credentials', path)
  expect(response.status).toBe(status)
  expect((await response.text()).length).toBeLessThan(1000)
})

test.each(['Basic', 'Basic %', 'Basic eA==', 'Basic JTp4', 'Bearer x', 'x'.repeat(10_000)])(
  'the authorization header %s',
  async (authorization) => {
    const init = { headers: { authorization } }
    const response = await requestToken(emulator, { client_secret: undefined }, { init })
    expect([400, 401]).toContain(response.status)
    expect(await response.json()).toHaveProperty('error_codes')
  },
)

test.each([
  '/',
  '/common/login',
  '/common/oauth2/deviceauth',
  '/devicelogin',
  '/common/oauth2/v2.0/authorize',
  '/contoso.com/oauth2/v2.0/authorize',
  '/contoso.com/oauth2/v2.0/logout',
  '/contoso.com/oauth2/v2.0/devicecode',
  '/tfp/contosob2c.onmicrosoft.com/b2c_1_signin/oauth2/v2.0/authorize',
  '/adfs/oauth2/authorize',
  '/adfs/oauth2/devicecode',
  '/common/userrealm/%zz@%00',
  '/adfs/services/trust/mex',
  '/resource',
])('no request of %s makes the emulator fail', async (path) => {
  const { publicClientId } = emulator.defaults
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      publicClientId,
      'http://localhost',
      'code',
      'openid',
      'none',
      'create',
      '{"access_token":{"acrs":null}}',
    ),
    fc.constantFrom('User.Read', '/.default', '{"id_token":[]}', '-1', '1', 'form_post', 'S256', 'x@y'),
  )
  const names = ['client_id', 'redirect_uri', 'response_type', 'scope', 'prompt', 'claims', 'max_age', 'response_mode']
  const more = [
    'code_challenge',
    'code_challenge_method',
    'login_hint',
    'ctx',
    'choice',
    'username',
    'user_code',
    'state',
  ]
  const others = ['post_logout_redirect_uri', 'id_token_hint', 'logout_hint', 'api-version', 'domain', 'acrs']
  const known = fc.constantFrom(...names, ...more, ...others)
  const start = { client_id: publicClientId, redirect_uri: 'http://localhost', response_type: 'code', scope: 'openid' }
  const seed = fc.constantFrom({}, start)
  await fc.assert(
    fc.asyncProperty(seed, fc.dictionary(known, text), fc.option(text), async (first, fields, bearer) => {
      const query = new URLSearchParams({ ...first, ...fields })
      const headers = {
        authorization: `Bearer ${encodeURIComponent(bearer ?? '')}`,
        cookie: encodeURIComponent(bearer ?? ''),
      }
      const got = await emulator.fetch(`${host}${path}?${query}`, { headers, redirect: 'manual' })
      expect(got.status).toBeLessThan(500)
      const posted = await emulator.fetch(`${host}${path}`, { method: 'POST', body: query, redirect: 'manual' })
      expect(posted.status).toBeLessThan(500)
      expect(got.headers.get('location') ?? 'http://localhost').toMatch(/^http:\/\/localhost/)
    }),
  )
})

test('no token request of a user makes the emulator fail', async () => {
  const { publicClientId: client_id } = emulator.defaults
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('openid', 'User.Read', 'ada@contoso.com', 'eA', '{}'),
  )
  const names = ['code', 'device_code', 'refresh_token', 'username', 'password', 'assertion', 'scope', 'claims']
  const grants = ['authorization_code', 'refresh_token', 'password', 'device_code'].concat(
    ['device_code', 'jwt-bearer', 'saml2-bearer', 'saml1_1-bearer'].map(
      (name) => `urn:ietf:params:oauth:grant-type:${name}`,
    ),
  )
  const form = fc.dictionary(fc.constantFrom(...names, 'requested_token_use', 'redirect_uri'), text)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...grants), form, async (grant_type, fields) => {
      const response = await post(new URLSearchParams({ ...fields, grant_type, client_id }))
      expect(response.status).toBeLessThan(500)
      expect(await response.json()).toHaveProperty('error_codes')
    }),
  )
})

test('no request makes the emulator fail', async () => {
  const known = fc.constantFrom('client_credentials', '{', '/.default')
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), known)
  const names = ['grant_type', 'client_id', 'scope', 'claims', 'client_assertion', 'client_assertion_type']
  const form = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), text)
  await fc.assert(
    fc.asyncProperty(fc.webPath(), form, async (path, fields) => {
      expect((await post(new URLSearchParams(fields), path || '/')).status).toBeLessThan(500)
      expect((await requestToken(emulator, fields)).status).toBeLessThan(500)
    }),
  )
})
