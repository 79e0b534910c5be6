import {
  acquireTokenInteractive,
  acquireTokenSilent,
  createPublicClient,
  isPopSupported,
  memoryCache,
  type Account,
  type PublicClientOptions,
  type TokenScheme,
} from '@latchkey/core'
import {
  consoleWindow,
  createBroker,
  MsalRuntimeError,
  redirectUriFor,
  type BrokerOptions,
  type BrokerStatus,
  type MsalRuntime,
  type MsalRuntimeProblem,
  type MsalRuntimeStatus,
  type MsalRuntimeToken,
} from '@latchkey/msalruntime'
import { describe, expect, test, vi } from 'vitest'

const [uid, utid] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = { aud: 'app', sub: 'subject', oid: uid, preferred_username: 'zoe@fabrikam.example' }
const token: MsalRuntimeToken = {
  account: {
    accountId: 'library-id',
    homeAccountId: `${uid}.${utid}`,
    userName: 'zoe@fabrikam.example',
    clientInfo: base64url({ uid, utid }),
  },
  accessToken: 'the access token',
  rawIdToken: `${base64url({ alg: 'none' })}.${base64url(claims)}.`,
  grantedScopes: 'User.Read',
  isPop: false,
  expiresOn: 2_000_003_600,
}
const refused = (status: MsalRuntimeStatus, context = '(pii)'): MsalRuntimeError =>
  new MsalRuntimeError({ status, context, errorCode: 1n, tag: 'abcde' })
const problem: MsalRuntimeProblem = { reason: 'start_failed', message: 'it does not start', nextStep: 'do this' }

/** A client whose broker stands on functions of the test. */
function begin(
  runtime: Partial<MsalRuntime> = {},
  options: BrokerOptions = {},
  more: Partial<PublicClientOptions> = {},
  seen?: BrokerStatus,
) {
  const asked = {
    start: vi.fn(runtime.start ?? (async () => undefined)),
    signInSilently: vi.fn(runtime.signInSilently ?? (async () => token)),
    signInInteractively: vi.fn(runtime.signInInteractively ?? (async () => token)),
    acquireTokenSilently: vi.fn(runtime.acquireTokenSilently ?? (async () => token)),
  }
  const broker = createBroker(
    {
      name: 'the broker',
      runtime: asked as unknown as MsalRuntime,
      check: () => seen,
      redirectUri: () => 'https://native.example',
      namesRedirectUriSilently: false,
      redirectUrisToRegister: (clientId) => [redirectUriFor('windows', { clientId })],
      consoleWindow: () => 77n,
    },
    options,
  )
  const logger = vi.fn()
  const client = createPublicClient({
    ...{
      clientId: 'app',
      authority: `https://login.microsoftonline.com/${utid}`,
      broker,
      logger,
      cache: memoryCache(),
    },
    ...{ now: () => 2_000_000_000_000, fetch: () => Promise.reject(new Error('no network in this test')) },
    ...more,
  })
  return { ...asked, broker, client, logger }
}
const scopes = ['User.Read']
const parentWindow = consoleWindow

describe('a window', () => {
  test('has to be named, before anything is started', async () => {
    const { client, start } = begin()
    await expect(acquireTokenInteractive(client, { scopes })).rejects.toThrow(
      /^Cannot use parentWindow: .*consoleWindow/,
    )
    expect(start).not.toHaveBeenCalled()
  })
  test.each([
    ['a bigint', 5n, 5n],
    ['bytes', Uint8Array.of(5, 1, 0, 0), 261n],
    ['base64', Buffer.from([5, 1, 0, 0, 0, 0, 0, 0]).toString('base64'), 261n],
    ['hexadecimal', '0x105', 261n],
    ['consoleWindow', consoleWindow, 77n],
  ])('may be %s', async (_, parentWindow, handle) => {
    const { client, signInInteractively } = begin()
    await acquireTokenInteractive(client, { scopes, prompt: 'select_account', parentWindow })
    expect(signInInteractively.mock.calls[0]?.[0]).toBe(handle)
    const { additional } = signInInteractively.mock.calls[0]![1]
    expect(additional?.['msal_gui_thread']).toBe(handle === 77n ? 'true' : undefined)
    expect(additional).toMatchObject({ msal_client_sku: 'Latchkey' })
  })
  test.each([0, -1, {}, 'window', 0n])('may not be %s', async (parentWindow) => {
    await expect(acquireTokenInteractive(begin().client, { scopes, parentWindow })).rejects.toThrow(TypeError)
  })
})

test('a silent sign-in needs no window; its token is in the cache, its account finds the way back', async () => {
  const { client, signInInteractively, acquireTokenSilently } = begin()
  const { account, source } = await acquireTokenInteractive(client, { scopes, parentWindow })
  expect(source).toBe('broker')
  expect(account).toMatchObject({ accountSource: 'broker', localAccountId: 'library-id', realm: utid })
  expect(signInInteractively).not.toHaveBeenCalled()
  expect((await acquireTokenSilent(client, { scopes, account })).source).toBe('cache')
  expect((await acquireTokenSilent(client, { scopes, account, forceRefresh: true })).source).toBe('broker')
  const [id, parameters] = acquireTokenSilently.mock.calls[0]!
  expect([id, parameters.accessTokenToRenew]).toEqual(['library-id', 'the access token'])
})

test('what a broker can do nothing of is told to the logger, and the sign-in goes on', async () => {
  const { client, logger, signInInteractively } = begin()
  const said = (): string[] => logger.mock.calls.filter(([level]) => level === 'warn').map(([, text]) => text as string)
  await acquireTokenInteractive(client, { scopes, parentWindow, extraScopesToConsent: [] })
  expect(said()).toEqual([])
  const options = { scopes, parentWindow, prompt: ['login', 'select_account'], loginHint: 'zoe@fabrikam.example' }
  await acquireTokenInteractive(client, { ...options, extraScopesToConsent: ['Mail.Read'] })
  expect(said()).toEqual([
    'the broker takes no prompt login',
    'the broker takes no loginHint with the prompt select_account',
    expect.stringMatching(/^the broker takes no extraScopesToConsent/),
  ])
  expect(signInInteractively.mock.calls[0]?.[1].scopes).toEqual(scopes)
})

test.each(['InteractionRequired', 'AccountUnusable'] as const)('%s shows the window', async (status) => {
  const { client, signInInteractively } = begin({ signInSilently: () => Promise.reject(refused(status)) })
  await acquireTokenInteractive(client, { scopes, parentWindow })
  expect(signInInteractively).toHaveBeenCalledOnce()
})

test('the default account shows the window where another one was named, and is an error without one', async () => {
  const { client, signInInteractively } = begin()
  const options = { scopes, parentWindow, loginHint: 'max@fabrikam.example' }
  await acquireTokenInteractive(client, options)
  expect(signInInteractively.mock.calls[0]?.[2].loginHint).toBe('max@fabrikam.example')
  const promise = acquireTokenInteractive(client, { ...options, prompt: 'none' })
  await expect(promise).rejects.toMatchObject({ code: 'account_mismatch', error: 'broker_error' })
})

test('a token of another account is an error, and is not kept', async () => {
  const other = { ...token, account: { ...token.account, homeAccountId: 'x.y' } }
  const { client } = begin({ acquireTokenSilently: async () => other })
  const { account } = await acquireTokenInteractive(client, { scopes, parentWindow })
  const promise = acquireTokenSilent(client, { scopes: ['Mail.Read'], account })
  await expect(promise).rejects.toMatchObject({ code: 'account_mismatch' })
})

test('a signed request is given, and not kept', async () => {
  const signed = { ...token, isPop: true, authorizationHeader: 'pop signed.request' }
  const { client, signInSilently } = begin({ signInSilently: async () => signed })
  const request = { method: 'GET', url: 'https://api.example:8443/things?a=b', nonce: 'n1' }
  const scheme: TokenScheme = {
    request,
    binding: async () => expect.unreachable(),
    bind: async () => expect.unreachable(),
    inspect: () => expect.unreachable(),
    authorize: async () => expect.unreachable(),
  }
  const result = await acquireTokenInteractive(client, { scopes, parentWindow, scheme })
  expect(result).toMatchObject({ accessToken: 'signed.request', tokenType: 'pop' })
  const pop = { method: 'GET', host: 'api.example:8443', path: '/things', nonce: 'n1' }
  expect(signInSilently.mock.calls[0]?.[0].pop).toEqual(pop)
  expect(JSON.stringify(await client.cache.get(`${uid}.${utid}`))).not.toContain('signed.request')
  expect(await isPopSupported(client)).toBe(true)
})

test('two requests at the same time are signed each for itself, and no key is made', async () => {
  const { client, acquireTokenSilently } = begin({
    acquireTokenSilently: async (_id, { pop }) => ({
      ...token,
      ...{ isPop: true, authorizationHeader: `pop signed-for.${pop?.path}` },
    }),
  })
  const account: Account = {
    ...{ homeAccountId: `${uid}.${utid}`, environment: 'login.microsoftonline.com', username: '', realm: utid },
    ...{ localAccountId: 'library-id', authorityType: 'MSSTS', accountSource: 'broker' },
  }
  const signed = async (path: string): Promise<string> => {
    const scheme: TokenScheme = {
      request: { method: 'GET', url: `https://api.example${path}`, nonce: 'n1' },
      binding: async () => expect.unreachable(),
      bind: async () => expect.unreachable(),
      inspect: () => expect.unreachable(),
      authorize: async () => expect.unreachable(),
    }
    return (await acquireTokenSilent(client, { scopes, account, scheme })).accessToken
  }
  expect(await Promise.all(['/one', '/two'].map(signed))).toEqual(['signed-for./one', 'signed-for./two'])
  expect(acquireTokenSilently).toHaveBeenCalledTimes(2)
})

describe('whose token', () => {
  const account: Account = {
    ...{ homeAccountId: `${uid}.${utid}`, environment: 'login.microsoftonline.com', username: '', realm: utid },
    ...{ localAccountId: 'library-id', authorityType: 'MSSTS' },
  }
  const fails = { acquireTokenSilently: () => Promise.reject(refused('Unexpected')) }
  test.each(['authorization_code', 'password'])('of an account by %s is not asked for', async (accountSource) => {
    const { client, start } = begin()
    const promise = acquireTokenSilent(client, { scopes, account: { ...account, accountSource } })
    await expect(promise).rejects.toMatchObject({ code: 'no_token' })
    expect(start).not.toHaveBeenCalled()
  })
  test("of the broker's account is final", async () => {
    const promise = acquireTokenSilent(begin(fails).client, {
      scopes,
      account: { ...account, accountSource: 'broker' },
    })
    await expect(promise).rejects.toMatchObject({ code: 'broker_error', cause: { brokerStatus: 'Unexpected' } })
  })
  test('of an account that nobody knows the source of may come from elsewhere', async () => {
    const { client, logger } = begin(fails)
    await expect(acquireTokenSilent(client, { scopes, account })).rejects.toMatchObject({ code: 'no_token' })
    expect(logger.mock.calls.some(([, text]) => /going on with what the cache has/.test(text))).toBe(true)
  })
})

describe('without the broker', () => {
  const cannot = { start: async () => problem }
  test('the sign-in goes on, and the logger is told', async () => {
    const { client, logger } = begin(cannot)
    const interaction = { redirectUri: 'http://localhost', navigate: () => Promise.reject(new Error('the browser')) }
    await expect(acquireTokenInteractive(client, { scopes, parentWindow, interaction })).rejects.toThrow('the browser')
    expect(logger).toHaveBeenCalledWith('warn', expect.stringMatching(/it does not start; do this/), {
      ...{ broker: 'the broker', state: 'start_error' },
    })
  })
  test.each([
    ['nothing else is there', {}],
    ['the app wants nothing else', { policy: 'require' as const }],
  ])('it is an error where %s', async (_, options) => {
    const promise = acquireTokenInteractive(begin(cannot, options).client, { scopes, parentWindow })
    await expect(promise).rejects.toMatchObject({
      code: 'broker_unavailable',
      message: expect.stringMatching('do this'),
    })
  })
  test('a missing package is always an error', async () => {
    const missing = { ...problem, reason: 'package_missing' as const }
    const promise = acquireTokenInteractive(begin({ start: async () => missing }).client, { scopes, parentWindow })
    await expect(promise).rejects.toMatchObject({ code: 'missing_dependency' })
  })
  test.each([
    ['off', { policy: 'never' as const }, {}],
    ['unsupported', {}, { authority: 'https://fabrikam.b2clogin.com/fabrikam.onmicrosoft.com/b2c_1_signin' }],
    ['unsupported', {}, { authority: 'https://adfs.fabrikam.example/adfs' }],
    ['unsupported', {}, { authority: 'https://fabrikam.ciamlogin.com' }],
    ['unsupported', {}, { authority: undefined, oidcAuthority: 'https://oidc.example' }],
  ])('nothing is started: %s', async (state, options, more) => {
    const { client, broker, start } = begin({}, options, more)
    expect(await broker.status(client)).toMatchObject({ state, nextStep: expect.any(String) })
    expect(await isPopSupported(client)).toBe(false)
    expect(start).not.toHaveBeenCalled()
  })
  test('the library may find out late', async () => {
    const { client, broker } = begin({ signInSilently: () => Promise.reject(refused('RequiredBrokerMissing')) })
    const promise = acquireTokenInteractive(client, { scopes, parentWindow })
    await expect(promise).rejects.toMatchObject({ code: 'broker_unavailable' })
    expect(await broker.status(client)).toMatchObject({ state: 'not_installed', nextStep: expect.any(String) })
  })
})

test('a refused redirect URI is told with the one to register', async () => {
  const { client, broker } = begin({ signInSilently: () => Promise.reject(refused('Unexpected', 'AADSTS50011: no')) })
  const promise = acquireTokenInteractive(client, { scopes, parentWindow })
  const message = expect.stringContaining('ms-appx-web://Microsoft.AAD.BrokerPlugin/app')
  await expect(promise).rejects.toMatchObject({ code: 'broker_error', errorCodes: [50011], message })
  expect(await broker.status(client)).toMatchObject({ state: 'wrong_redirect_uri', nextStep: expect.any(String) })
})
