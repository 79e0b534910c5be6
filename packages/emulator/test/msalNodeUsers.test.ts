import {
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
  PublicClientApplication,
  type INetworkModule,
} from '@azure/msal-node'
import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey, serve, type Emulator } from '@latchkey/emulator'
import { networkClient } from './msalNetwork.js'

const signingKey = generateSigningKey()
const ciamId = 'c4b3a291-6f5e-4d7c-8b0a-9e1d2c3f4a5b'
const scopes = ['User.Read']
const redirectUri = 'http://localhost:4321'

function setUp(options = {}) {
  const emulator = createEmulator({ signingKey, ...options })
  return { emulator, app: publicApp(emulator, networkClient(emulator.fetch)), ...emulator.defaults }
}

function publicApp(emulator: Emulator, network: INetworkModule, authority = emulator.defaults.authority) {
  const { publicClientId: clientId } = emulator.defaults
  return new PublicClientApplication({ auth: { clientId, authority }, system: { networkClient: network } })
}

function confidentialApp(emulator: Emulator, options = {}) {
  const { clientId, clientSecret, authority } = emulator.defaults
  return new ConfidentialClientApplication({
    auth: { clientId, clientSecret, authority, ...options },
    system: { networkClient: networkClient(emulator.fetch) },
  })
}

async function signIn(emulator: Emulator, app: PublicClientApplication, person = {}, request = {}) {
  const { challenge, verifier } = await new CryptoProvider().generatePkceCodes()
  const options = { scopes, redirectUri, state: 's', nonce: 'n', ...request }
  const uri = await app.getAuthCodeUrl({ ...options, codeChallenge: challenge, codeChallengeMethod: 'S256' })
  const { response } = await emulator.signIn(uri, { username: emulator.defaults.username, ...person })
  const { code = '', client_info } = response
  return app.acquireTokenByCode(
    { ...options, code, codeVerifier: verifier },
    { ...response, code, state: 's', nonce: 'n', ...(client_info === undefined ? {} : { client_info }) },
  )
}

test.each(['in process', 'over a socket'])('authorization code with PKCE, silent and refresh, %s', async (how) => {
  const { emulator, username, tenantId } = setUp()
  const served = how === 'in process' ? undefined : await serve(emulator)
  try {
    const toSocket = (url: string): string => url.replace('https://login.microsoftonline.com', served?.url ?? '')
    const app = publicApp(emulator, networkClient(served ? (url, init) => fetch(toSocket(url), init) : emulator.fetch))
    const result = await signIn(emulator, app)
    const user = emulator.directory.findUser(username)!
    expect(result).toMatchObject({
      ...{ scopes: expect.arrayContaining(scopes), tenantId, fromCache: false },
      account: { homeAccountId: `${user.id}.${tenantId}`, username, name: 'Ada Lovelace' },
      idTokenClaims: { nonce: 'n', oid: user.id },
    })
    const count = emulator.requests.length
    const [account] = await app.getTokenCache().getAllAccounts()
    expect(await app.acquireTokenSilent({ account: account!, scopes })).toMatchObject({ fromCache: true })
    expect(emulator.requests).toHaveLength(count)
    const forced = await app.acquireTokenSilent({ account: account!, scopes, forceRefresh: true })
    expect(forced).toMatchObject({ fromCache: false, account: { username } })
    const things = await app.acquireTokenSilent({ account: account!, scopes: ['api://things/Things.Read'] })
    expect(things).toMatchObject({ fromCache: false, scopes: expect.arrayContaining(['api://things/Things.Read']) })
    expect(emulator.requests.at(-1)!.form).toMatchObject({ grant_type: 'refresh_token', refresh_token: '<redacted>' })
  } finally {
    await served?.close()
  }
})

test('a guest has one home account in two tenants', async () => {
  const { emulator, app, tenantId } = setUp()
  const result = await signIn(emulator, app, { username: 'gus@fabrikam.com' })
  const gus = emulator.directory.findUser('gus@fabrikam.com')!
  expect(result).toMatchObject({
    tenantId,
    account: { homeAccountId: `${gus.id}.${gus.tenantId}`, localAccountId: gus.guestIn![0]!.id },
  })
  const home = `https://login.microsoftonline.com/${gus.tenantId}`
  const second = await app.acquireTokenSilent({ account: result.account!, scopes, authority: home, forceRefresh: true })
  expect(second).toMatchObject({ tenantId: gus.tenantId, account: { homeAccountId: `${gus.id}.${gus.tenantId}` } })
})

test('a personal account signs in over common', async () => {
  const { emulator } = setUp()
  const app = publicApp(emulator, networkClient(emulator.fetch), 'https://login.microsoftonline.com/common')
  const result = await signIn(emulator, app, { username: 'pat@outlook.com' })
  expect(result).toMatchObject({
    tenantId: '9188040d-6c67-4c5b-b112-36a304b66dad',
    account: { username: 'pat@outlook.com' },
  })
})

test.each([
  ['B2C', 'https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_signin', 'cleo@example.com', undefined],
  ['External ID', 'https://contosociam.ciamlogin.com/', 'cody@example.com', 'User.Read'],
  ['AD FS', 'https://adfs.contoso.com/adfs/', 'fay@federated.contoso.com', 'api://things/openid'],
])('%s: code, cache and refresh', async (_, authority, username, scope) => {
  const { emulator, publicClientId } = setUp()
  const wanted = [scope ?? publicClientId]
  const app = new PublicClientApplication({
    // the issuer of External ID has the tenant's GUID in its host: to be known, too
    auth: {
      clientId: publicClientId,
      authority,
      knownAuthorities: [new URL(authority).host, `${ciamId}.ciamlogin.com`],
    },
    system: { networkClient: networkClient(emulator.fetch) },
  })
  const { account } = await signIn(emulator, app, { username }, { scopes: wanted })
  expect(account!.environment).toBe(new URL(authority).host)
  const cached = await app.acquireTokenSilent({ account: account!, scopes: wanted })
  const forced = await app.acquireTokenSilent({ account: account!, scopes: wanted, forceRefresh: true })
  expect([cached.fromCache, forced.fromCache]).toEqual([true, false])
  expect(forced.accessToken).not.toBe('')
})

test('device code', async () => {
  const { emulator, app, username } = setUp({ deviceCodeInterval: 0.01 })
  const result = await app.acquireTokenByDeviceCode({
    scopes,
    deviceCodeCallback: ({ userCode }) => void emulator.approveDevice(userCode, { username }),
  })
  expect(result).toMatchObject({ account: { username } })
  const declined = app.acquireTokenByDeviceCode({
    scopes,
    deviceCodeCallback: ({ userCode }) => void emulator.declineDevice(userCode),
  })
  await expect(declined).rejects.toThrow('authorization_declined')
})

test('username and password', async () => {
  const { emulator, app, username, password } = setUp()
  const result = await app.acquireTokenByUsernamePassword({ scopes, username, password })
  expect(result).toMatchObject({ account: { username } })
  expect(await app.acquireTokenSilent({ account: result!.account!, scopes })).toMatchObject({ fromCache: true })
  const wrong = app.acquireTokenByUsernamePassword({ scopes, username, password: 'wrong' })
  await expect(wrong).rejects.toMatchObject({
    errorCode: 'invalid_grant',
    errorMessage: expect.stringContaining('50126'),
  })
  const mfa = app.acquireTokenByUsernamePassword({ scopes, username: 'mia@contoso.com', password: 'mia-password' })
  await expect(mfa).rejects.toBeInstanceOf(InteractionRequiredAuthError)
  expect(JSON.stringify(emulator.requests)).not.toContain(password)
})

test('refresh token of an older library', async () => {
  const { emulator, app, username, publicClientId } = setUp()
  const refreshToken = await emulator.issueRefreshToken({ username, clientId: publicClientId, scope: 'User.Read' })
  expect(await app.acquireTokenByRefreshToken({ refreshToken, scopes })).toMatchObject({ account: { username } })
})

test('revoked sessions and step-up need interaction, and the claims lead there', async () => {
  const { emulator, app, username } = setUp()
  const { account } = await signIn(emulator, app)
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
  const stepUp = await app.acquireTokenSilent({ account: account!, scopes, claims }).catch((error: unknown) => error)
  expect(stepUp).toBeInstanceOf(InteractionRequiredAuthError)
  expect(stepUp).toMatchObject({ claims, subError: 'basic_action' })
  const stepped = await signIn(emulator, app, {}, { claims })
  expect(stepped.accessToken).not.toBe('')
  await emulator.revokeSessions(username)
  const silent = app.acquireTokenSilent({ account: account!, scopes, forceRefresh: true })
  await expect(silent).rejects.toMatchObject({ errorMessage: expect.stringContaining('AADSTS50173') })
})

test('a web app: code with a secret, on behalf of, client credentials', async () => {
  const { emulator, app, username, clientId, scope } = setUp()
  const web = confidentialApp(emulator)
  const callback = 'http://localhost:8080/callback'
  const uri = await web.getAuthCodeUrl({ scopes, redirectUri: callback })
  const { response } = await emulator.signIn(uri, { username })
  const user = await web.acquireTokenByCode({ code: response.code!, scopes, redirectUri: callback })
  expect(user).toMatchObject({ account: { username } })

  const { accessToken } = await signIn(emulator, app, {}, { scopes: [`api://${clientId}/access_as_user`] })
  const onBehalf = await web.acquireTokenOnBehalfOf({ oboAssertion: accessToken, scopes })
  expect(onBehalf).toMatchObject({ account: { username }, fromCache: false })
  const consent = web.acquireTokenOnBehalfOf({ oboAssertion: accessToken, scopes: ['Mail.Read'] })
  await expect(consent).rejects.toMatchObject({ subError: 'consent_required' })

  expect(await web.acquireTokenByClientCredential({ scopes: [scope] })).toMatchObject({ tokenType: 'Bearer' })
})

test('apps of a family share a refresh token', async () => {
  const { emulator } = setUp()
  const network = networkClient(emulator.fetch)
  const { authority } = emulator.defaults
  const create = (clientId: string) =>
    new PublicClientApplication({ auth: { clientId, authority }, system: { networkClient: network } })
  const first = create('04b07795-8ddb-461a-bbee-02f9e1bf7b46')
  await signIn(emulator, first)
  const cache = JSON.parse(first.getTokenCache().serialize()) as {
    readonly RefreshToken: Record<string, { readonly secret: string; readonly family_id: string }>
  }
  const [entry] = Object.values(cache.RefreshToken)
  expect(entry!.family_id).toBe('1')
  // its silent call finds its own refresh tokens only, so the token is handed over
  const second = create('aebc6443-996d-45c2-90f0-388ff96faa56')
  const result = await second.acquireTokenByRefreshToken({ refreshToken: entry!.secret, scopes })
  expect(result).toMatchObject({ account: { username: emulator.defaults.username } })
  const stranger = create(emulator.defaults.publicClientId)
  const mismatch = stranger.acquireTokenByRefreshToken({ refreshToken: entry!.secret, scopes })
  await expect(mismatch).rejects.toMatchObject({ subError: 'client_mismatch' })
})
