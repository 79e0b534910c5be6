import { createEmulator, generateSigningKey, type Emulator } from '@latchkey/emulator'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  acquireTokenByAuthCodeFlow,
  acquireTokenByDeviceFlow,
  acquireTokenByRefreshToken,
  acquireTokenByUsernamePassword,
  acquireTokenInteractive,
  acquireTokenOnBehalfOf,
  acquireTokenSilent,
  authorizedFetch,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  getAccounts,
  initiateAuthCodeFlow,
  initiateDeviceFlow,
  isAuthError,
  needsInteraction,
  removeAccount,
  type AuthError,
  type ClientOptions,
  type PublicClientOptions,
} from '@latchkey/core'
import { verifyIdTokenSignature } from '@latchkey/core/verify'

const signingKey = generateSigningKey()
const redirectUri = 'http://localhost'
const scopes = ['User.Read']
let emulator: Emulator
beforeEach(() => {
  emulator = createEmulator({ signingKey })
})

const surroundings = (): Pick<ClientOptions, 'fetch' | 'verifyIdToken'> => ({
  fetch: emulator.fetch,
  verifyIdToken: verifyIdTokenSignature,
})
const publicClient = (options: Partial<PublicClientOptions> = {}) => {
  const { publicClientId: clientId, authority } = emulator.defaults
  return createPublicClient({ clientId, authority, ...surroundings(), ...options })
}
const webApp = (options: Partial<ClientOptions> = {}) => {
  const { clientId, authority, clientSecret: secret } = emulator.defaults
  return createConfidentialClient({
    clientId,
    authority,
    credential: clientSecret(secret),
    ...surroundings(),
    ...options,
  })
}
const codeOf = (error: unknown): string | undefined => (isAuthError(error) ? error.code : undefined)
const failure = (call: Promise<unknown>): Promise<AuthError> =>
  call.then(
    () => expect.fail('it worked'),
    (error) => error,
  )

describe.each([
  ['a public client', publicClient],
  ['a web app', webApp],
])('%s', (_name, create) => {
  test.each(['common', 'organizations', 'contoso.com', ''])(
    'signs a user in by code at %s, then silently',
    async (tenant) => {
      const authority = tenant ? `https://login.microsoftonline.com/${tenant}` : emulator.defaults.authority
      const client = create({ authority })
      const { username } = emulator.defaults
      const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri, loginHint: username, maxAge: 60 })
      const { response } = await emulator.signIn(flow.authUri, { username })
      const result = await acquireTokenByAuthCodeFlow(client, { flow: JSON.parse(JSON.stringify(flow)), response })
      expect(result).toMatchObject({ account: { username }, source: 'identity_provider', tokenType: 'Bearer' })
      const [account] = await getAccounts(client)
      expect(account).toEqual(result.account)
      const before = emulator.requests.length
      expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({
        source: 'cache',
        idToken: result.idToken,
      })
      expect(emulator.requests).toHaveLength(before)
      const renewed = await acquireTokenSilent(client, { scopes, account, forceRefresh: true })
      expect(renewed.accessToken).not.toBe(result.accessToken)

      await removeAccount(client, { account: account! })
      const error = await failure(acquireTokenSilent(client, { scopes, account }))
      expect([error.code, needsInteraction(error)]).toEqual(['no_token', true])
    },
  )

  test('a user who declines is told so', async () => {
    const client = create()
    const { username } = emulator.defaults
    const flow = await initiateAuthCodeFlow(client, { scopes: ['Mail.Send'], redirectUri, prompt: 'consent' })
    const { response } = await emulator.signIn(flow.authUri, { username, consent: false })
    expect(await failure(acquireTokenByAuthCodeFlow(client, { flow, response }))).toMatchObject({
      code: 'access_denied',
    })
  })
})

test('an interaction is a whole sign-in', async () => {
  const ended: unknown[] = []
  const interaction = {
    redirectUri: 'http://localhost:4711',
    navigate: async (url: string) => (await emulator.signIn(url, { username: emulator.defaults.username })).response,
    finish: (_signal: AbortSignal, error?: unknown) => void ended.push(error),
  }
  const result = await acquireTokenInteractive(publicClient(), { scopes, interaction })
  expect(result.account?.username).toBe(emulator.defaults.username)
  expect(ended).toEqual([undefined])
})

test('a device is signed in on another one', async () => {
  const client = publicClient()
  const flow = await initiateDeviceFlow(client, { scopes })
  await emulator.approveDevice(flow.userCode, { username: emulator.defaults.username })
  expect(await acquireTokenByDeviceFlow(client, { flow })).toMatchObject({ source: 'identity_provider' })
})

test('a user who declines on the other device is told so here', async () => {
  const client = publicClient()
  const flow = await initiateDeviceFlow(client, { scopes })
  await emulator.declineDevice(flow.userCode)
  expect(codeOf(await failure(acquireTokenByDeviceFlow(client, { flow })))).toBe('access_denied')
})

test('a password signs in, a wrong one does not', async () => {
  const { username, password } = emulator.defaults
  const client = publicClient()
  expect(await acquireTokenByUsernamePassword(client, { username, password, scopes })).toMatchObject({
    account: { username },
  })
  const wrong = await failure(
    acquireTokenByUsernamePassword(client, { username, password: 'not the password', scopes }),
  )
  expect(wrong).toMatchObject({ code: 'invalid_grant', errorCodes: [50126] })
})

test('a federated user needs federation', async () => {
  const call = acquireTokenByUsernamePassword(publicClient(), {
    username: 'fay@federated.contoso.com',
    password: 'x',
    scopes,
  })
  expect((await failure(call)).code).toBe('missing_dependency')
})

test('a refresh token is brought in from elsewhere', async () => {
  const { username, publicClientId: clientId } = emulator.defaults
  const client = publicClient()
  const refreshToken = await emulator.issueRefreshToken({ username, clientId, scope: 'User.Read' })
  const { account } = await acquireTokenByRefreshToken(client, { refreshToken, scopes })
  expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache' })
})

test('an API asks on behalf of its caller, once for each assertion', async () => {
  const { clientId, username } = emulator.defaults
  const caller = publicClient()
  const api = webApp()
  const accessAs = [`api://${clientId}/access_as_user`]
  const tokenOf = async (name: string): Promise<string> => {
    const flow = await initiateAuthCodeFlow(caller, { scopes: accessAs, redirectUri: 'http://localhost' })
    const { response } = await emulator.signIn(flow.authUri, { username: name })
    return (await acquireTokenByAuthCodeFlow(caller, { flow, response })).accessToken
  }
  const [ada, bob] = [await tokenOf(username), await tokenOf('bob@contoso.com')]
  const first = await acquireTokenOnBehalfOf(api, { userAssertion: ada, scopes })
  expect(first.account?.username).toBe(username)
  const before = emulator.requests.length
  expect(await acquireTokenOnBehalfOf(api, { userAssertion: ada, scopes })).toMatchObject({
    source: 'cache',
    accessToken: first.accessToken,
    account: first.account,
  })
  expect(emulator.requests).toHaveLength(before)
  const second = await acquireTokenOnBehalfOf(api, { userAssertion: bob, scopes })
  expect(second.account?.username).toBe('bob@contoso.com')
  expect(second.accessToken).not.toBe(first.accessToken)
})

test('a guest has an account in each tenant, and is one user', async () => {
  const cache = publicClient().cache
  const signIn = async (tenant: string) => {
    const client = publicClient({ authority: `https://login.microsoftonline.com/${tenant}`, cache })
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri: 'http://localhost' })
    const { response } = await emulator.signIn(flow.authUri, { username: 'gus@fabrikam.com' })
    return { client, result: await acquireTokenByAuthCodeFlow(client, { flow, response }) }
  }
  const home = await signIn('fabrikam.com')
  const guest = await signIn('contoso.com')
  expect(guest.result.account?.homeAccountId).toBe(home.result.account?.homeAccountId)
  expect(guest.result.account?.localAccountId).not.toBe(home.result.account?.localAccountId)
  for (const { client, result } of [home, guest]) {
    expect(await getAccounts(client)).toEqual([result.account])
    const { account, accessToken } = result
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache', accessToken })
  }
})

test('a personal account signs in at common and at consumers, and not at organizations', async () => {
  const username = 'pat@outlook.com'
  for (const tenant of ['common', 'consumers']) {
    const client = publicClient({ authority: `https://login.microsoftonline.com/${tenant}` })
    const flow = await initiateAuthCodeFlow(client, { scopes, redirectUri: 'http://localhost' })
    const { response } = await emulator.signIn(flow.authUri, { username })
    expect((await acquireTokenByAuthCodeFlow(client, { flow, response })).account?.username).toBe(username)
  }
})

test('a revoked session is challenged, and one sign-in answers it', async () => {
  const { username } = emulator.defaults
  const client = publicClient({ clientCapabilities: ['CP1'] })
  const signIn = async (claims?: string) => {
    const flow = await initiateAuthCodeFlow(client, {
      scopes,
      redirectUri: 'http://localhost',
      claims,
      prompt: 'login',
    })
    const { response } = await emulator.signIn(flow.authUri, { username })
    return acquireTokenByAuthCodeFlow(client, { flow, response })
  }
  const { account } = await signIn()
  const asked: (string | undefined)[] = []
  const callApi = authorizedFetch(
    ({ claims, signal }) => {
      asked.push(claims)
      return acquireTokenSilent(client, { scopes, account, claims, signal }).catch((error: unknown) => {
        if (!needsInteraction(error)) throw error
        return signIn(claims)
      })
    },
    { origins: ['https://graph.microsoft.com'], fetch: emulator.fetch },
  )
  expect((await callApi('https://graph.microsoft.com/resource')).status).toBe(200)
  await emulator.revokeSessions(username)
  expect((await callApi('https://graph.microsoft.com/resource')).status).toBe(200)
  expect(asked).toEqual([undefined, undefined, expect.stringContaining('access_token')])
})

test.each([
  ['B2C', 'https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_signin', 'cleo@example.com'],
  ['External ID', 'https://contosociam.ciamlogin.com', 'cody@example.com'],
  ['External ID with a path', 'https://contosociam.ciamlogin.com/contosociam.onmicrosoft.com', 'cody@example.com'],
  ['AD FS', 'https://adfs.contoso.com/adfs', 'fay@federated.contoso.com'],
])('%s signs users in, and gives them new tokens', async (_name, authority, username) => {
  const client = publicClient({ authority })
  const flow = await initiateAuthCodeFlow(client, { scopes: [], redirectUri: 'http://localhost' })
  const { response } = await emulator.signIn(flow.authUri, { username })
  const { account, idTokenClaims } = await acquireTokenByAuthCodeFlow(client, { flow, response })
  expect(account?.homeAccountId).toBeTruthy()
  expect(idTokenClaims).toBeDefined()
  const result = await acquireTokenSilent(client, { scopes: [client.clientId], account, forceRefresh: true })
  expect(result).toMatchObject({ source: 'identity_provider', account })
})
