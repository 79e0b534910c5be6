import { describe, expect, test } from 'vitest'
import * as core from '@latchkey/core'
import {
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  type Account,
  type AuthCodeFlow,
  type ConfidentialClient,
  type PublicClient,
} from '@latchkey/core'
import { authority, clientId, rejection } from './fixtures/tokenService.js'

const asked: string[] = []
const options = {
  ...{ clientId, authority, env: {} },
  fetch: async (url: string) => {
    asked.push(url)
    return new Response('', { status: 500 })
  },
}
const publicClient = createPublicClient(options as never)
const confidential = createConfidentialClient({ ...options, credential: clientSecret('s') } as never)
const scopes = ['User.Read']
const account = {
  homeAccountId: 'a.b',
  environment: 'login.microsoftonline.com',
  username: '',
  realm: '',
  authorityType: 'MSSTS',
}
const flow: AuthCodeFlow = {
  authUri: '',
  state: 's',
  scope: ['a'],
  codeVerifier: 'v',
  nonce: 'n',
  redirectUri: 'https://x',
}
const device = {
  ...{ userCode: 'A', verificationUri: '', message: '', expiresAt: 1, interval: 1, scope: [] },
  ...{ deviceCode: 'D', correlationId: 'c' },
}
const interaction = { redirectUri: 'http://localhost', navigate: () => Promise.reject(new Error('shown')) }

type Operation = (client: never, options: never) => Promise<unknown>
/** An operation, the client that it takes, good options, and the same with one member wrong each. */
interface Row {
  operation: Operation
  client: PublicClient | ConfidentialClient
  wrongClient?: PublicClient | ConfidentialClient
  good?: object
  wrong: [member: string, values: unknown[]][]
}

const noText = [undefined, null, '', '  ', 5, {}, []]
const noScopes = ['User.Read', 5, {}, [5], [''], ['a b'], ['openid'], ['a', 'offline_access'], [null]]
const required: [string, unknown[]] = ['scopes', [undefined, [], ...noScopes]]
const optional: [string, unknown[]] = ['scopes', noScopes]
const noAccounts = [
  'a.b',
  5,
  [],
  {},
  { homeAccountId: 'a.b' },
  { homeAccountId: '', environment: 'x' },
  { homeAccountId: 5, environment: 'x' },
]

const rows: Record<string, Row> = {
  acquireTokenForClient: {
    operation: core.acquireTokenForClient,
    client: confidential,
    wrongClient: publicClient,
    good: { scopes },
    wrong: [required],
  },
  acquireTokenOnBehalfOf: {
    ...{ operation: core.acquireTokenOnBehalfOf, client: confidential, wrongClient: publicClient },
    ...{ good: { scopes, userAssertion: 'a' }, wrong: [required, ['userAssertion', noText]] },
  },
  removeTokensForClient: {
    operation: core.removeTokensForClient,
    client: confidential,
    wrongClient: publicClient,
    wrong: [],
  },
  isPopSupported: { operation: core.isPopSupported, client: publicClient, wrong: [] },
  initiateAuthCodeFlow: {
    ...{ operation: core.initiateAuthCodeFlow, client: publicClient, good: { scopes, redirectUri: 'https://x' } },
    wrong: [
      ['redirectUri', [...noText, '/callback', 'localhost']],
      ['scopes', noScopes],
      ...['state', 'loginHint', 'domainHint', 'claims'].map((name): [string, unknown[]] => [name, ['', ' ', 5, {}]]),
      ['maxAge', [-1, NaN, Infinity, '60', null]],
      ['prompt', [5, {}, [5], [''], '', null]],
      ['responseMode', ['Query', '', 5, 'web_message']],
      ['extraScopesToConsent', ['a', [5], [''], {}]],
    ],
  },
  getAuthorizationRequestUrl: {
    ...{ operation: core.getAuthorizationRequestUrl, client: publicClient, good: { scopes } },
    wrong: [optional, ['responseType', ['', 5, {}, null]]],
  },
  acquireTokenByAuthCodeFlow: {
    ...{ operation: core.acquireTokenByAuthCodeFlow, client: publicClient },
    ...{ good: { flow, response: { state: 's', code: 'c' } } },
    wrong: [
      ['flow', ['text', 5, [], { ...flow, scope: 'a' }]],
      ['response', [undefined, null, 'state=s', 5, [['state', 's']]]],
      ['scopes', [...noScopes, ['b']]],
    ],
  },
  acquireTokenByAuthorizationCode: {
    ...{ operation: core.acquireTokenByAuthorizationCode, client: publicClient, good: { scopes, code: 'c' } },
    wrong: [optional, ['code', noText]],
  },
  initiateDeviceFlow: {
    operation: core.initiateDeviceFlow,
    client: publicClient,
    wrongClient: confidential,
    good: { scopes },
    wrong: [optional],
  },
  acquireTokenByDeviceFlow: {
    ...{
      operation: core.acquireTokenByDeviceFlow,
      client: publicClient,
      wrongClient: confidential,
      good: { flow: device },
    },
    wrong: [
      [
        'flow',
        [
          undefined,
          null,
          'text',
          5,
          {},
          { ...device, deviceCode: '' },
          { ...device, deviceCode: 5 },
          { ...device, interval: undefined },
          { ...device, interval: NaN },
          { ...device, expiresAt: undefined },
          { deviceCode: 'D' },
        ],
      ],
    ],
  },
  acquireTokenInteractive: {
    ...{
      operation: core.acquireTokenInteractive,
      client: publicClient,
      wrongClient: confidential,
      good: { scopes, interaction },
    },
    wrong: [optional, ['interaction', [undefined, null, {}, 'loopback', { navigate: true }]], ['maxAge', [-1, '60']]],
  },
  acquireTokenByUsernamePassword: {
    ...{
      operation: core.acquireTokenByUsernamePassword,
      client: publicClient,
      good: { scopes, username: 'a', password: 'b' },
    },
    wrong: [
      optional,
      ['username', noText],
      ['password', [undefined, null, '', 5, {}]],
      ['federation', [null, {}, 'wsTrust', { acquireAssertion: 1 }]],
    ],
  },
  acquireTokenByRefreshToken: {
    ...{ operation: core.acquireTokenByRefreshToken, client: publicClient, good: { scopes, refreshToken: 'r' } },
    wrong: [optional, ['refreshToken', noText]],
  },
  acquireTokenSilent: {
    ...{ operation: core.acquireTokenSilent, client: publicClient, good: { scopes, account } },
    wrong: [required, ['account', noAccounts]],
  },
  getAccounts: { operation: core.getAccounts, client: publicClient, wrong: [['username', ['', ' ', 5, {}, null]]] },
  removeAccount: {
    operation: core.removeAccount,
    client: publicClient,
    good: { account: account as Account },
    wrong: [['account', [undefined, null, ...noAccounts]]],
  },
}
/** What is no operation of a client has tests of its own. */
const others = [
  ...[
    'AuthError',
    'authorizedFetch',
    'clientAssertion',
    'clientCertificate',
    'clientSecret',
    'copyCache',
    'createConfidentialClient',
  ],
  ...[
    'createPublicClient',
    'entraAuthority',
    'explain',
    'isAuthError',
    'memoryCache',
    'needsInteraction',
    'serializableCache',
  ],
  ...['claimsChallenge', 'parseWwwAuthenticate', 'toTokenCredential'],
]

test('every operation is here', () => {
  const functions = Object.entries(core).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
  expect([...Object.keys(rows), ...others].toSorted()).toEqual(functions.toSorted())
})

describe.each(Object.entries(rows))('%s', (name, { operation, client, wrongClient, good, wrong }) => {
  const call = (client: unknown, options: unknown) => operation(client as never, options as never)
  const expectMistake = async (promise: Promise<unknown>): Promise<void> => {
    const before = asked.length
    const error = (await rejection(promise)) as TypeError
    expect(error).toBeInstanceOf(TypeError)
    // Said by us, with what was expected: not by the engine.
    expect(error.message).toMatch(/^Cannot use .+: expected .+/)
    expect(asked.length).toBe(before)
  }

  test('refuses what is no client of its kind', async () => {
    const { kind, ...rest } = client
    const wrongs = [undefined, null, {}, 'client', { kind: 'other' }, rest, ...(wrongClient ? [wrongClient] : [])]
    for (const one of wrongs) await expectMistake(call(one, good ?? {}))
    expect(kind).toMatch(/public|confidential/)
  })

  // Where all of them can be left out, none are good options, too.
  if (good && name !== 'initiateDeviceFlow')
    test('refuses missing options', async () => {
      for (const options of [undefined, null]) await expectMistake(call(client, options))
    })

  for (const [member, values] of wrong)
    test(`refuses a wrong ${member}`, async () => {
      for (const value of values) await expectMistake(call(client, { ...good, [member]: value }))
    })

  test('takes good ones', async () => {
    const error = await call(client, good).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(error).not.toBeInstanceOf(TypeError)
  })
})

const takingClaims = [
  ...['acquireTokenForClient', 'acquireTokenOnBehalfOf', 'acquireTokenByAuthorizationCode'],
  ...['initiateDeviceFlow', 'acquireTokenByDeviceFlow', 'getAuthorizationRequestUrl'],
]
test.each(takingClaims)('%s takes claims as a text only', async (name) => {
  const { operation, client, good } = rows[name]!
  for (const claims of [{}, 5, [], true])
    expect(await rejection(operation(client as never, { ...good, claims } as never))).toEqual(
      new TypeError('Cannot use claims: expected a JSON object'),
    )
})
