import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey, type Emulator } from '@latchkey/emulator'
import { createBrowser } from './browser.js'
import { authUri, claimsOf, host, post, redeem, signInForTokens, type Tokens } from './userFlow.js'

const signingKey = generateSigningKey()
const create = (options = {}) => createEmulator({ signingKey, ...options })
const familyId = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
const otherFamilyId = 'aebc6443-996d-45c2-90f0-388ff96faa56'
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

const refresh = (emulator: Emulator, refresh_token: string, fields = {}, options = {}) =>
  post(emulator, { grant_type: 'refresh_token', refresh_token, scope: 'User.Read openid', ...fields }, options)
const codeOf = async (emulator: Emulator, fields = {}) =>
  (await emulator.signIn(authUri(emulator, fields), { username: emulator.defaults.username })).response.code
const refused = (number: number, more: Record<string, unknown> = {}) => ({
  status: 400,
  body: expect.objectContaining({ error: 'invalid_grant', error_codes: [number], ...more }),
})

test('a code is bound to verifier, redirect URI, app and tenant', async () => {
  const emulator = create()
  const code = await codeOf(emulator)
  expect(await redeem(emulator, 'unknown')).toEqual(refused(70000))
  expect(await redeem(emulator, code, { client_id: familyId })).toEqual(refused(70000))
  expect(await redeem(emulator, code, { redirect_uri: 'http://localhost:1' })).toMatchObject({
    body: { error_codes: [500112] },
  })
  expect(await redeem(emulator, code, { redirect_uri: undefined })).toMatchObject({ body: { error_codes: [500112] } })
  expect(await redeem(emulator, code, {}, { path: 'fabrikam.com' })).toEqual(refused(700005))
  expect((await redeem(emulator, code, {}, { path: 'common' })).status).toBe(200)
  for (const code_verifier of [undefined, 'x'.repeat(43)])
    expect(await redeem(emulator, await codeOf(emulator), { code_verifier })).toEqual(refused(501481))
  const plain = { code_challenge: 'y'.repeat(43), code_challenge_method: 'plain' }
  expect((await redeem(emulator, await codeOf(emulator, plain), { code_verifier: 'y'.repeat(43) })).status).toBe(200)
  const without = await codeOf(emulator, { code_challenge: undefined, code_challenge_method: undefined })
  expect((await redeem(emulator, without, { code_verifier: undefined })).status).toBe(200)
})

test('a code is good once, for ten minutes', async () => {
  let now = Date.UTC(2030, 0, 1)
  const emulator = create({ now: () => now })
  const code = await codeOf(emulator)
  const answers = await Promise.all([redeem(emulator, code), redeem(emulator, code)])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400])
  const { body } = answers.find(({ status }) => status === 200)!
  expect(await redeem(emulator, code)).toEqual(refused(54005))
  expect(await refresh(emulator, body.refresh_token)).toEqual(refused(70000))
  const late = await codeOf(emulator)
  now += 10 * 60_000
  expect(await redeem(emulator, late)).toEqual(refused(70008))
})

test('the code of a page is redeemed by a page, its refresh token lives for a day', async () => {
  let now = Date.UTC(2030, 0, 1)
  const emulator = create({ now: () => now })
  const redirect_uri = 'http://localhost:5173/spa'
  const page = { headers: { origin: 'http://localhost:5173' } }
  const code = await codeOf(emulator, { redirect_uri })
  expect((await redeem(emulator, code, { redirect_uri })).body).toMatchObject({ error_codes: [9002327] })
  const { body } = await redeem(emulator, code, { redirect_uri }, page)
  expect((await refresh(emulator, body.refresh_token)).body).toMatchObject({ error_codes: [9002327] })
  now += 23 * 3_600_000
  const next = await refresh(emulator, body.refresh_token, {}, page)
  expect(next.status).toBe(200)
  now += 3_600_000
  expect(await refresh(emulator, next.body.refresh_token, {}, page)).toEqual(refused(700084))
  expect((await redeem(emulator, await codeOf(emulator), {}, page)).body).toMatchObject({ error_codes: [9002326] })
})

test('a code for two resources needs a scope', async () => {
  const emulator = create()
  const scope = 'User.Read api://things/Things.Read openid'
  expect((await redeem(emulator, await codeOf(emulator, { scope }))).body).toMatchObject({ error_codes: [28003] })
  const { body } = await redeem(emulator, await codeOf(emulator, { scope }), { scope: 'api://things/Things.Read' })
  expect(claimsOf(body.access_token)).toMatchObject({ aud: 'b4e2a6d0-7c19-4f35-8a6e-1d9c0b3f5a72', scp: 'Things.Read' })
  expect((await redeem(emulator, await codeOf(emulator, { scope }), { scope })).body).toMatchObject({
    error_codes: [28000],
  })
})

test('a refresh token gets tokens for every resource that was consented to', async () => {
  const emulator = create()
  const { refresh_token } = await signInForTokens(emulator)
  const things = await refresh(emulator, refresh_token, { scope: 'api://things/Things.Read offline_access' })
  expect(claimsOf(things.body.access_token)).toMatchObject({ scp: 'Things.Read' })
  const same = await refresh(emulator, refresh_token, { scope: undefined })
  expect(same.body.scope).toBe('User.Read openid profile')
  expect(await refresh(emulator, refresh_token, { scope: 'Mail.Read' })).toEqual(
    refused(65001, { suberror: 'consent_required' }),
  )
  expect(await refresh(emulator, 'unknown')).toEqual(refused(70000))
  expect((await refresh(emulator, '')).body).toMatchObject({ error_codes: [900144] })
})

test.each([
  ['keep', [200, 200], true],
  ['revoke', [200, 400], true],
  ['off', [200, 200], false],
] as const)('refresh token rotation: %s', async (refreshTokenRotation, statuses, hasNew) => {
  const emulator = create({ refreshTokenRotation })
  const { refresh_token } = await signInForTokens(emulator)
  const first = await refresh(emulator, refresh_token)
  const second = await refresh(emulator, refresh_token)
  expect([first.status, second.status]).toEqual(statuses)
  expect('refresh_token' in first.body).toBe(hasNew)
  expect(first.body.refresh_token).not.toBe(refresh_token)
})

test('refresh tokens expire, and end with the user’s sessions', async () => {
  let now = Date.UTC(2030, 0, 1)
  const emulator = create({ now: () => now, refreshTokenLifetime: 60 })
  const { refresh_token } = await signInForTokens(emulator)
  now += 59_000
  expect((await refresh(emulator, refresh_token)).status).toBe(200)
  now += 1000
  expect(await refresh(emulator, refresh_token)).toEqual(refused(700082))

  const ended = await signInForTokens(emulator)
  const other = await signInForTokens(emulator, { username: 'bob@contoso.com' })
  const code = await codeOf(emulator)
  await emulator.revokeSessions(emulator.defaults.username)
  expect(await refresh(emulator, ended.refresh_token)).toEqual(refused(50173))
  expect(await redeem(emulator, code)).toEqual(refused(50173))
  expect((await refresh(emulator, other.refresh_token)).status).toBe(200)
  // in the same millisecond
  const again = await signInForTokens(emulator)
  expect((await refresh(emulator, again.refresh_token)).status).toBe(200)
  await expect(emulator.revokeSessions('nobody')).rejects.toThrow('AADSTS50034')
})

test('a refresh token belongs to its app, or to its family', async () => {
  const emulator = create()
  const own = await signInForTokens(emulator)
  expect(await refresh(emulator, own.refresh_token, { client_id: familyId })).toEqual(
    refused(70000, { suberror: 'client_mismatch', error_additional_info: ['client_mismatch'] }),
  )
  const { response } = await emulator.signIn(authUri(emulator, { client_id: familyId }), {
    username: 'ada@contoso.com',
  })
  const { body } = await redeem(emulator, response.code, { client_id: familyId })
  const sibling = await refresh(emulator, body.refresh_token, { client_id: otherFamilyId })
  expect(sibling.body.foci).toBe('1')
  expect(claimsOf(sibling.body.access_token)).toMatchObject({ azp: otherFamilyId })
  expect((await refresh(emulator, body.refresh_token)).body.suberror).toBe('client_mismatch')
})

test('a refresh token works in each tenant of its user', async () => {
  const emulator = create()
  const refresh_token = await emulator.issueRefreshToken({
    username: 'gus@fabrikam.com',
    clientId: emulator.defaults.publicClientId,
    scope: 'User.Read',
  })
  const contoso = await refresh(emulator, refresh_token)
  expect(claimsOf(contoso.body.id_token)).toMatchObject({ tid: emulator.defaults.tenantId })
  const home = await refresh(emulator, refresh_token, {}, { path: 'common' })
  expect(claimsOf(home.body.id_token)).toMatchObject({ tid: 'e7b5c1a9-4d80-4f6b-a2c3-9e8d7f60b514' })
  const options = { username: 'ada@contoso.com', clientId: 'nobody', scope: 'User.Read' }
  await expect(emulator.issueRefreshToken(options)).rejects.toThrow('AADSTS700016')
})

const password = (emulator: Emulator, username: string, fields = {}, options = {}) =>
  post(
    emulator,
    {
      grant_type: 'password',
      username,
      password: `${username.split('@')[0]}-password`,
      scope: 'User.Read openid',
      ...fields,
    },
    options,
  )

test('the password grant', async () => {
  const emulator = create()
  const { status, body } = await password(emulator, 'ada@contoso.com', {}, { path: 'organizations' })
  expect([status, claimsOf(body.access_token).scp]).toEqual([200, 'User.Read openid'])
  const { clientId, clientSecret } = emulator.defaults
  const confidential = { client_id: clientId, client_secret: clientSecret }
  expect((await password(emulator, 'ada@contoso.com', confidential)).status).toBe(200)
  expect((await password(emulator, 'ada@contoso.com', { client_id: clientId })).body).toMatchObject({
    error_codes: [7000218],
  })
  expect((await password(emulator, 'ada@contoso.com', {}, { path: 'common' })).body).toMatchObject({
    error_codes: [9001023],
  })
  expect((await password(emulator, '')).body).toMatchObject({ error_codes: [900144] })
})

test.each([
  ['ada@contoso.com', { password: 'wrong' }, 50126],
  ['nobody@contoso.com', {}, 50034],
  ['pat@outlook.com', {}, 50034],
  ['fay@federated.contoso.com', {}, 50126],
  ['expired@contoso.com', {}, 50055],
  ['disabled@contoso.com', {}, 50057],
  ['ada@contoso.com', { scope: 'Mail.Read' }, 65001],
])('the password grant of %s with %j is refused with %d', async (username, fields, number) => {
  expect(await password(create(), username, fields)).toEqual(refused(number))
})

test('who must give a second factor is sent to the pages, and the claims get it', async () => {
  const emulator = create()
  const answer = await password(emulator, 'mia@contoso.com')
  expect(answer).toEqual(refused(50076, { suberror: 'basic_action', claims: expect.any(String) }))
  const person = { username: 'mia@contoso.com' }
  const tokens = await signInForTokens(emulator, person, { claims: String(answer.body.claims) })
  expect((await refresh(emulator, tokens.refresh_token)).status).toBe(200)
})

test('what was issued before the second factor was given stays without it', async () => {
  const emulator = create()
  const browser = createBrowser(emulator)
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
  const username = await (await browser.go(authUri(emulator))).press('Next', { username: 'ada@contoso.com' })
  const before = await redeem(emulator, (await username.press('Sign in', { password: 'ada-password' })).response.code)
  const mfa = await browser.go(authUri(emulator, { claims }))
  const after = await redeem(emulator, (await mfa.press('Verify', { code: '123456' })).response.code)
  expect(await refresh(emulator, before.body.refresh_token, { claims })).toEqual(refused(50076))
  expect((await refresh(emulator, after.body.refresh_token, { claims })).status).toBe(200)
})

test('an API’s policy asks for the second factor, and step-up for an authentication context', async () => {
  const { tenantId } = create().defaults
  const api = {
    ...{ clientId: 'strict-api', tenantId, identifierUris: ['api://strict'], requiresMfa: true },
    scopes: [{ value: 'Do' }],
  }
  const emulator = create({ apps: [api] })
  const scope = 'api://strict/Do'
  emulator.directory.consents.grant({
    ...{ clientId: emulator.defaults.publicClientId, tenantId, apiId: 'strict-api' },
    scopes: ['Do'],
  })
  const { refresh_token } = await signInForTokens(emulator)
  const answer = await refresh(emulator, refresh_token, { scope })
  expect(answer).toEqual(refused(50076, { claims: expect.stringContaining('capolids') }))
  const stepped = await signInForTokens(emulator, {}, { claims: String(answer.body.claims) })
  expect((await refresh(emulator, stepped.refresh_token, { scope })).status).toBe(200)

  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
  expect(await refresh(emulator, refresh_token, { claims })).toEqual(refused(50076, { claims }))
  const { body } = await refresh(emulator, stepped.refresh_token, { claims })
  expect(claimsOf(body.access_token)).toMatchObject({ acrs: ['c1'] })
})

const device = async (emulator: Emulator, fields = {}, path = 'common') =>
  (
    await post(
      emulator,
      { scope: 'User.Read openid profile offline_access', ...fields },
      { path, endpoint: 'devicecode' },
    )
  ).body as unknown as {
    readonly user_code: string
    readonly device_code: string
    readonly [name: string]: unknown
  }
const poll = (emulator: Emulator, device_code: string, path = 'common') =>
  post(emulator, { grant_type: deviceGrant, device_code, code: device_code }, { path })

test('the device code flow, with the pages', async () => {
  const emulator = create()
  const { user_code, device_code, ...rest } = await device(emulator)
  expect(user_code).toMatch(/^[B-Z2-9]{9}$/)
  expect(rest).toEqual({
    ...{ verification_uri: `${host}/devicelogin`, expires_in: 900, interval: 5 },
    message: expect.stringContaining(user_code),
  })
  expect(await poll(emulator, device_code)).toMatchObject({
    status: 400,
    body: { error: 'authorization_pending', error_codes: [70016] },
  })
  const browser = createBrowser(emulator)
  const code = await browser.go(`${host}/common/oauth2/deviceauth`)
  expect((await code.press('Next', { user_code: 'WRONG' })).html).toContain('AADSTS70018')
  const username = await code.press('Next', { user_code: ` ${user_code.toLowerCase()}` })
  const secret = await username.press('Next', { username: 'ada@contoso.com' })
  const confirm = await secret.press('Sign in', { password: 'ada-password' })
  expect(confirm.title).toContain('Desktop and single-page app')
  expect((await confirm.press('Continue')).title).toContain('signed in on your device')
  const { body } = await poll(emulator, device_code)
  expect(claimsOf(body.id_token)).toMatchObject({ preferred_username: 'ada@contoso.com' })
  expect(body).toHaveProperty('refresh_token')
  expect(await poll(emulator, device_code)).toEqual(refused(54005))
  expect((await (await browser.go(`${host}/devicelogin`)).press('Next', { user_code })).html).toContain('AADSTS70018')

  const second = await device(emulator)
  const pick = await (await browser.go(`${host}/devicelogin`)).press('Next', { user_code: second.user_code })
  expect(pick.title).toBe('Pick an account')
  const again = await pick.press('ada@contoso.com')
  expect((await again.press('Cancel')).title).toContain('declined')
  expect((await poll(emulator, second.device_code)).body).toMatchObject({ error: 'authorization_declined' })
})

test('a device is approved or declined without a browser', async () => {
  const emulator = create()
  const approved = await device(emulator, { scope: 'Mail.Read' })
  await emulator.approveDevice(approved.user_code, { username: 'mia@contoso.com' })
  expect((await poll(emulator, approved.device_code)).body.scope).toBe('User.Read Mail.Read')
  const declined = await device(emulator)
  await emulator.declineDevice(declined.user_code)
  expect((await poll(emulator, declined.device_code)).body).toMatchObject({ error: 'authorization_declined' })
  const wrong = await device(emulator)
  await expect(emulator.approveDevice(wrong.user_code, { username: 'ada@contoso.com', password: 'x' })).rejects.toThrow(
    '50126',
  )
  expect((await poll(emulator, wrong.device_code)).body).toMatchObject({ error: 'authorization_pending' })
  await expect(emulator.declineDevice('WRONG')).rejects.toThrow('AADSTS70018')
})

test('device codes are checked, expire, and can slow down', async () => {
  let now = Date.UTC(2030, 0, 1)
  const emulator = create({ now: () => now, slowDown: true, deviceCodeInterval: 2, deviceCodeLifetime: 60 })
  const { device_code, user_code, interval } = await device(emulator)
  const error = async () => (await poll(emulator, device_code)).body.error
  expect(interval).toBe(2)
  expect(await error()).toBe('authorization_pending')
  now += 1000
  expect(await error()).toBe('slow_down')
  now += 6999
  expect(await error()).toBe('slow_down')
  now += 12_000
  expect(await error()).toBe('authorization_pending')
  expect((await poll(emulator, 'unknown')).body).toMatchObject({ error: 'bad_verification_code' })
  now += 60_000
  expect(await error()).toBe('expired_token')
  await expect(emulator.approveDevice(user_code, { username: 'ada@contoso.com' })).rejects.toThrow('AADSTS70018')
  for (const fields of [{ scope: undefined }, { client_id: undefined }, { client_id: 'x' }, { claims: '{' }])
    expect(await device(emulator, fields)).toHaveProperty('error_codes')
})

test('claims of a device code ask for the second factor', async () => {
  const emulator = create()
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
  const { device_code, user_code } = await device(emulator, { claims })
  await emulator.approveDevice(user_code, { username: 'ada@contoso.com' })
  expect(claimsOf((await poll(emulator, device_code)).body.access_token)).toMatchObject({ acrs: ['c1'] })
})

function onBehalfOf(emulator: Emulator, assertion: string, fields = {}) {
  const { clientId, clientSecret } = emulator.defaults
  return post(emulator, {
    ...{ client_id: clientId, client_secret: clientSecret, assertion, scope: 'User.Read openid offline_access' },
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    ...fields,
  })
}
const incoming = async (emulator: Emulator, person = {}): Promise<Tokens> =>
  signInForTokens(emulator, person, { scope: `api://${emulator.defaults.clientId}/access_as_user openid` })

test('an API calls the next one on behalf of its user', async () => {
  let now = Date.UTC(2030, 0, 1)
  const emulator = create({ now: () => now })
  const { access_token, id_token } = await incoming(emulator, { username: 'bob@contoso.com' })
  const { body } = await onBehalfOf(emulator, access_token)
  const bob = emulator.directory.findUser('bob@contoso.com')!
  expect(claimsOf(body.access_token)).toMatchObject({ azp: emulator.defaults.clientId, azpacr: '1', oid: bob.id })
  expect(body).toHaveProperty('refresh_token')

  expect(await onBehalfOf(emulator, 'x')).toEqual(refused(50013))
  expect(await onBehalfOf(emulator, body.access_token)).toEqual(refused(500131))
  expect(await onBehalfOf(emulator, id_token)).toEqual(refused(500131))
  expect(await onBehalfOf(emulator, access_token, { scope: 'Mail.Read' })).toEqual(refused(65001))
  expect((await onBehalfOf(emulator, access_token, { client_secret: undefined })).body).toMatchObject({
    error_codes: [7000218],
  })
  expect((await onBehalfOf(emulator, access_token, { requested_token_use: undefined })).body).toMatchObject({
    error_codes: [900144],
  })
  const { clientId, clientSecret } = emulator.defaults
  const app = { client_id: clientId, client_secret: clientSecret }
  const own = await post(emulator, { ...app, grant_type: 'client_credentials', scope: `api://${clientId}/.default` })
  expect(await onBehalfOf(emulator, own.body.access_token)).toEqual(refused(7000114))
  await emulator.revokeSessions('bob@contoso.com')
  expect(await onBehalfOf(emulator, access_token)).toEqual(refused(50173))
  now += 3_600_000
  expect(await onBehalfOf(emulator, access_token)).toEqual(refused(500133))
})

test('a policy of the next API is a challenge for the front end', async () => {
  const { tenantId, clientId } = create().defaults
  const emulator = create({
    apps: [
      { clientId: 'strict', tenantId, identifierUris: ['api://strict'], scopes: [{ value: 'Do' }], requiresMfa: true },
    ],
  })
  emulator.directory.consents.grant({ clientId, tenantId, apiId: 'strict', scopes: ['Do'] })
  const { access_token } = await incoming(emulator)
  const answer = await onBehalfOf(emulator, access_token, { scope: 'api://strict/Do' })
  expect(answer.body).toMatchObject({ error: 'interaction_required', error_codes: [50076], claims: expect.any(String) })
  const scope = `api://${clientId}/access_as_user`
  const stepped = await signInForTokens(emulator, {}, { scope, claims: String(answer.body.claims) })
  expect((await onBehalfOf(emulator, stepped.access_token, { scope: 'api://strict/Do' })).status).toBe(200)
})
