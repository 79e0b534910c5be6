import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { createBrowser } from './browser.js'
import { authUri, claimsOf, fromClientInfo, redeem, redirectUri, signInForTokens } from './userFlow.js'

const signingKey = generateSigningKey()
const emulator = createEmulator({ signingKey })
const { tenantId, clientId, publicClientId, username } = emulator.defaults

test.each([
  ['an unknown app', { client_id: 'nobody' }, 'AADSTS700016'],
  ['no app', { client_id: undefined }, 'AADSTS900144'],
  ['a foreign redirect URI', { redirect_uri: 'https://evil.example' }, 'AADSTS50011'],
  ['a redirect URI of another path', { redirect_uri: 'http://localhost:3456/other' }, 'AADSTS50011'],
  ['a redirect URI that only starts right', { redirect_uri: 'http://localhost.evil.example' }, 'AADSTS50011'],
  ['a redirect URI with a user', { redirect_uri: 'http://localhost@evil.example' }, 'AADSTS50011'],
  ['a redirect URI with a fragment', { redirect_uri: 'http://localhost:3456/#x' }, 'AADSTS50011'],
  ['a redirect URI that is a script', { redirect_uri: 'javascript:alert(1)' }, 'AADSTS50011'],
  ['another scheme', { redirect_uri: 'https://localhost:3456' }, 'AADSTS50011'],
])('%s is said on a page, never at the redirect URI', async (_, fields, text) => {
  const page = await createBrowser(emulator).go(authUri(emulator, fields))
  expect(page.location).toBeUndefined()
  expect(page.status).toBe(400)
  expect(page.html).toContain(text)
  await expect(emulator.signIn(authUri(emulator, fields), { username })).rejects.toThrow(text)
})

test('a repeated parameter and an unknown tenant are said on a page', async () => {
  const repeated = await createBrowser(emulator).go(`${authUri(emulator)}&redirect_uri=https://evil.example`)
  expect([repeated.status, repeated.html]).toEqual([400, expect.stringContaining('AADSTS9002313')])
  const unknown = await createBrowser(emulator).go(authUri(emulator, {}, { path: 'nowhere.example' }))
  expect(unknown.html).toContain('AADSTS90002')
})

test.each([
  ['no response type', { response_type: undefined }, 'invalid_request', 900144],
  ['an implicit response type', { response_type: 'id_token token' }, 'unsupported_response_type', 700051],
  ['an unknown response mode', { response_mode: 'smoke' }, 'invalid_request', 70007],
  ['no scope', { scope: undefined }, 'invalid_request', 900144],
  ['a scope of nothing', { scope: '/' }, 'invalid_scope', 70011],
  ['an unknown permission', { scope: 'Nothing.Read' }, 'invalid_scope', 650053],
  ['an unknown resource', { scope: 'api://nothing/Read' }, 'invalid_resource', 500011],
  ['an unknown prompt', { prompt: 'maybe' }, 'invalid_request', 90023],
  ['prompt none and more', { prompt: 'none login' }, 'invalid_request', 90023],
  ['claims that are not JSON', { claims: '{' }, 'invalid_request', 9002313],
  ['a max_age that is no number', { max_age: 'long' }, 'invalid_request', 9002313],
  ['an unknown challenge method', { code_challenge_method: 'S512' }, 'invalid_request', 9002313],
  ['a challenge that is too short', { code_challenge: 'x' }, 'invalid_request', 9002313],
  [
    'a page without PKCE',
    { redirect_uri: 'http://localhost:1/spa', code_challenge: undefined },
    'invalid_request',
    9002325,
  ],
  ['.default of what is not registered', { scope: 'https://vault.azure.net/.default' }, 'invalid_resource', 650057],
])('%s is said at the redirect URI', async (_, fields, error, number) => {
  const { response } = await emulator.signIn(authUri(emulator, fields), { username })
  expect(response).toMatchObject({ error, state: 'the-state' })
  expect(response.error_description).toMatch(new RegExp(`^AADSTS${number}: `))
  expect(response).not.toHaveProperty('code')
})

test('the redirect URI can be any port of localhost, a scheme of one’s own, or left out', async () => {
  for (const uri of [
    'http://localhost',
    'http://localhost:1/',
    'http://127.0.0.1:65535',
    `msal${publicClientId}://auth`,
  ]) {
    const result = await emulator.signIn(authUri(emulator, { redirect_uri: uri }), { username })
    expect(result).toEqual({ redirectUri: uri, response: expect.objectContaining({ code: expect.any(String) }) })
    expect((await redeem(emulator, result.response.code, { redirect_uri: uri })).status).toBe(200)
  }
  const { redirectUri: chosen, response } = await emulator.signIn(authUri(emulator, { redirect_uri: undefined }), {
    username,
  })
  expect(chosen).toBe('http://localhost')
  expect((await redeem(emulator, response.code, { redirect_uri: undefined })).status).toBe(200)
})

test('the request can be posted', async () => {
  const [url, body] = authUri(emulator).split('?')
  const page = await createBrowser(emulator).go(url!, { method: 'POST', body: new URLSearchParams(body) })
  expect(page.title).toBe('Sign in')
})

test('tokens say who signed in, where, and for what', async () => {
  const { access_token, id_token, client_info, ...rest } = await signInForTokens(emulator)
  expect(rest).toEqual({
    token_type: 'Bearer',
    scope: 'User.Read openid profile',
    expires_in: 3599,
    ext_expires_in: 3599,
    refresh_token: expect.any(String),
  })
  const user = emulator.directory.findUser(username)!
  expect(fromClientInfo(client_info)).toEqual({ uid: user.id, utid: tenantId })
  const iss = `https://login.microsoftonline.com/${tenantId}/v2.0`
  expect(claimsOf(id_token)).toEqual({
    ...{ iss, aud: publicClientId, ver: '2.0', tid: tenantId, oid: user.id, nonce: 'the-nonce' },
    ...{ name: 'Ada Lovelace', preferred_username: username },
    ...{ iat: expect.any(Number), nbf: expect.any(Number), exp: expect.any(Number) },
    ...{ sub: expect.any(String), sid: expect.any(String), uti: expect.any(String) },
  })
  expect(claimsOf(access_token)).toMatchObject({
    ...{
      iss,
      aud: '00000003-0000-0000-c000-000000000000',
      azp: publicClientId,
      azpacr: '0',
      tid: tenantId,
      oid: user.id,
    },
    scp: 'User.Read openid profile',
  })
  expect(claimsOf(access_token).sub).not.toBe(claimsOf(id_token).sub)
})

test('the subject is one for each app', async () => {
  const subject = async (fields = {}) => claimsOf((await signInForTokens(emulator, {}, fields)).id_token).sub
  expect(await subject()).toBe(await subject())
  const family = { client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46' }
  const { response } = await emulator.signIn(authUri(emulator, family), { username })
  const { body } = await redeem(emulator, response.code, family)
  expect(claimsOf(body.id_token).sub).not.toBe(await subject())
  expect(body.foci).toBe('1')
})

test('what the scope leaves out is left out', async () => {
  const { response } = await emulator.signIn(authUri(emulator, { scope: 'openid' }), { username })
  const { body } = await redeem(emulator, response.code, { client_info: undefined })
  expect(Object.keys(body)).toEqual(['token_type', 'scope', 'expires_in', 'ext_expires_in', 'access_token', 'id_token'])
  expect(claimsOf(body.id_token)).not.toHaveProperty('preferred_username')
  const without = await signInForTokens(emulator, {}, { scope: 'User.Read' })
  expect(without).not.toHaveProperty('id_token')
  expect(without).not.toHaveProperty('refresh_token')
  const plain = await emulator.signIn(authUri(emulator, { client_info: undefined, state: undefined }), { username })
  expect(Object.keys(plain.response)).toEqual(['code', 'session_state'])
})

test('scopes are answered as they were asked for', async () => {
  const scope = async (asked: string) => (await signInForTokens(emulator, {}, { scope: asked })).scope
  expect(await scope('user.read')).toBe('User.Read')
  expect(await scope('https://graph.microsoft.com/User.Read openid')).toBe(
    'https://graph.microsoft.com/User.Read openid',
  )
  expect(await scope('api://things/.default')).toBe('api://things/Things.Read api://things/.default')
  const own = await signInForTokens(emulator, {}, { scope: publicClientId })
  expect([own.scope, claimsOf(own.access_token).aud]).toEqual([publicClientId, publicClientId])
})

test('max_age and claims put auth_time into the ID token', async () => {
  const idToken = async (fields: Record<string, string>) =>
    claimsOf((await signInForTokens(emulator, {}, fields)).id_token)
  expect(await idToken({})).not.toHaveProperty('auth_time')
  expect(await idToken({ max_age: '10' })).toMatchObject({ auth_time: expect.any(Number) })
  const claims = JSON.stringify({ id_token: { auth_time: { essential: true } } })
  expect(await idToken({ claims })).toMatchObject({ auth_time: expect.any(Number) })
})

test('claims put capabilities and authentication contexts into the access token', async () => {
  const claims = JSON.stringify({
    access_token: { xms_cc: { values: ['CP1'] }, acrs: { essential: true, value: 'c1' } },
  })
  const { access_token } = await signInForTokens(emulator, {}, { claims })
  expect(claimsOf(access_token)).toMatchObject({ xms_cc: ['CP1'], acrs: ['c1'] })
  const { response } = await emulator.signIn(authUri(emulator, { claims }), { username, mfa: false })
  expect(response.error).toBe('access_denied')
})

test('common, organizations and consumers lead to the user’s own tenant', async () => {
  const tid = async (path: string, person: string) => {
    const { response } = await emulator.signIn(authUri(emulator, {}, { path }), { username: person })
    const { body } = await redeem(emulator, response.code, {}, { path })
    return claimsOf(body.id_token)
  }
  const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad'
  expect(await tid('common', username)).toMatchObject({ tid: tenantId })
  expect(await tid('organizations', 'gus@fabrikam.com')).toMatchObject({ tid: 'e7b5c1a9-4d80-4f6b-a2c3-9e8d7f60b514' })
  const iss = `https://login.microsoftonline.com/${consumers}/v2.0`
  for (const path of ['common', 'consumers'])
    expect(await tid(path, 'pat@outlook.com')).toMatchObject({ tid: consumers, iss })
  for (const [path, person] of [
    ['organizations', 'pat@outlook.com'],
    ['consumers', username],
    ['common', 'cody@example.com'],
  ] as const)
    await expect(tid(path, person)).rejects.toThrow('AADSTS500')
})

test('a guest has an object ID of their own, and the home account in client_info', async () => {
  const tokens = await signInForTokens(emulator, { username: 'gus@fabrikam.com' })
  const guest = emulator.directory.findUser('gus@fabrikam.com')!
  expect(claimsOf(tokens.id_token)).toMatchObject({
    tid: tenantId,
    oid: guest.guestIn![0]!.id,
    idp: `https://sts.windows.net/${guest.tenantId}/`,
  })
  expect(fromClientInfo(tokens.client_info)).toEqual({ uid: guest.id, utid: guest.tenantId })
})

test('signIn does what a person says', async () => {
  await expect(emulator.signIn(authUri(emulator), { username, password: 'wrong' })).rejects.toThrow('AADSTS50126')
  await expect(emulator.signIn(authUri(emulator), { username: 'nobody' })).rejects.toThrow('AADSTS50034')
  await expect(emulator.signIn(authUri(emulator), { username: 'expired@contoso.com' })).rejects.toThrow('AADSTS50055')
  await expect(emulator.signIn('nothing', { username })).rejects.toThrow(TypeError)
  await expect(emulator.signIn('https://x.example/', { username })).rejects.toThrow('AADSTS9002313')
  await expect(emulator.signIn(authUri(emulator), { username: '' })).rejects.toThrow(TypeError)
  const declined = await emulator.signIn(authUri(emulator, { scope: 'Mail.Read' }), { username, consent: false })
  expect(declined.response).toMatchObject({ error: 'access_denied', error_subcode: 'cancel' })
  const silent = authUri(emulator, { prompt: 'none' })
  expect((await emulator.signIn(silent, { username })).response.error).toBe('login_required')
  expect((await emulator.signIn(silent, { username, isSignedIn: true })).response).toHaveProperty('code')
  const mia = await emulator.signIn(authUri(emulator), { username: 'mia@contoso.com' })
  expect(mia.response).toHaveProperty('code')
  const create = authUri(emulator, { prompt: 'create' }, { path: 'consumers' })
  expect((await emulator.signIn(create, { username: 'made@example.com' })).response).toHaveProperty('code')
  const hinted = await emulator.signIn(authUri(emulator, { login_hint: 'bob@contoso.com' }), { username })
  expect(claimsOf((await redeem(emulator, hinted.response.code)).body.id_token)).toMatchObject({
    preferred_username: username,
  })
})

test('a confidential app redeems its code with a credential', async () => {
  const fields = { client_id: clientId, redirect_uri: 'http://localhost:8080/callback' }
  const { response } = await emulator.signIn(authUri(emulator, fields), { username })
  expect((await redeem(emulator, response.code, fields)).body).toMatchObject({ error_codes: [7000218] })
  const secret = { ...fields, client_secret: emulator.defaults.clientSecret }
  const { body } = await redeem(emulator, response.code, secret)
  expect(claimsOf(body.access_token)).toMatchObject({ azp: clientId, azpacr: '1' })
  const publicOne = await emulator.signIn(authUri(emulator), { username })
  const refused = await redeem(emulator, publicOne.response.code, { client_secret: 'x', redirect_uri: redirectUri })
  expect(refused.body).toMatchObject({ error_codes: [700025] })
})
