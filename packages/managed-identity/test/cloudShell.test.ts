import { createEmulator, managedIdentityEnvironment } from '@latchkey/emulator'
import {
  acquireTokenInteractive,
  acquireTokenSilent,
  createPublicClient,
  getAccounts,
  isPopSupported,
  removeAccount,
  serializableCache,
  type PublicClientOptions,
} from '@latchkey/core'
import { acquireTokenInCloudShell, cloudShell, isCloudShell } from '@latchkey/managed-identity'
import { signedHttpRequest } from '@latchkey/pop'
import { describe, expect, test } from 'vitest'
import { cloudShellResource } from '../src/cloudShellResource.js'
import { NOW } from './fixtures/endpoint.js'

const env = managedIdentityEnvironment('cloudShell')
const scopes = ['https://vault.azure.net/.default']
const encode = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`

const claims = { oid: 'O', tid: 'T', unique_name: 'ada@contoso.com', iss: 'i', sub: 's' }
const answer = {
  access_token: encode(claims),
  expires_in: '3600',
  token_type: 'Bearer',
  refresh_token: '',
  resource: 'x',
}

/** A shell that answers always the same, and what it was asked. */
function create(body: unknown, status = 200, more: Partial<PublicClientOptions> = {}) {
  const asked: { url: string; method: string | undefined; headers: object; form: object }[] = []
  const clock = { seconds: NOW }
  const fetch = (async (url: string, init: RequestInit) => {
    const form = Object.fromEntries(new URLSearchParams(String(init.body)))
    asked.push({ url, method: init.method, headers: Object.fromEntries(new Headers(init.headers)), form })
    return typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status })
  }) as typeof globalThis.fetch
  const cache = serializableCache()
  const options = { clientId: 'app', authority: 'https://login.microsoftonline.com/organizations', env, cache, fetch }
  const client = createPublicClient({ ...options, now: () => clock.seconds * 1000, ...more })
  return { client, cache, asked, clock }
}

describe('a user’s token', () => {
  test('is asked for as documented, and is the user’s who is in it', async () => {
    const { client, cache, asked } = create(answer)
    const result = await acquireTokenInCloudShell(client, { scopes, correlationId: 'the-id' })
    expect(asked).toEqual([
      {
        url: 'http://localhost:50342/oauth2/token',
        method: 'POST',
        headers: { metadata: 'true', 'content-type': 'application/x-www-form-urlencoded' },
        form: { resource: 'https://vault.azure.net' },
      },
    ])
    expect(result).toMatchObject({
      ...{ accessToken: answer.access_token, source: 'broker', tokenType: 'Bearer', scopes, correlationId: 'the-id' },
      expiresOn: new Date((NOW + 3600) * 1000),
      account: {
        homeAccountId: 'O.T',
        username: 'ada@contoso.com',
        authorityType: 'CLOUDSHELL',
        realm: 'organizations',
      },
    })
    expect(await getAccounts(client)).toEqual([result.account])
    expect(JSON.parse(cache.serialize())).toEqual({
      AccessToken: {
        'o.t-login.microsoftonline.com-accesstoken-app-organizations-https://vault.azure.net/.default': {
          ...{
            home_account_id: 'O.T',
            environment: 'login.microsoftonline.com',
            client_id: 'app',
            realm: 'organizations',
          },
          ...{ credential_type: 'AccessToken', secret: answer.access_token, target: scopes[0], token_type: 'Bearer' },
          ...{ cached_at: `${NOW}`, expires_on: `${NOW + 3600}`, extended_expires_on: `${NOW + 3600}` },
        },
      },
      Account: {
        'o.t-login.microsoftonline.com-organizations': {
          ...{ home_account_id: 'O.T', environment: 'login.microsoftonline.com', realm: 'organizations' },
          ...{ local_account_id: 'O', username: 'ada@contoso.com', authority_type: 'CLOUDSHELL' },
        },
      },
    })
  })

  test('is found by acquireTokenSilent, and by another call', async () => {
    const { client, asked, clock } = create(answer)
    const { account } = await acquireTokenInCloudShell(client, { scopes })
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache', account })
    expect(await acquireTokenInCloudShell(client, { scopes })).toMatchObject({ source: 'cache', account })
    expect(asked).toHaveLength(1)
    await acquireTokenInCloudShell(client, { scopes, forceRefresh: true })
    expect(asked).toHaveLength(2)
    clock.seconds += 3400
    await acquireTokenInCloudShell(client, { scopes })
    expect(asked).toHaveLength(3)
  })

  test('is asked for once by equal calls', async () => {
    const { client, asked } = create(answer)
    await Promise.all(Array.from({ length: 20 }, () => acquireTokenInCloudShell(client, { scopes })))
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['no JWT', 'opaque', 'user.cloudshell', 'currentuser@cloudshell'],
    ['a JWT that says nothing', encode({}), 'user.cloudshell', 'currentuser@cloudshell'],
    ['a JWT with another name', encode({ oid: 'O', preferred_username: 'p', unique_name: 'u' }), 'O.cloudshell', 'p'],
  ])('may be %s', async (_, token, homeAccountId, username) => {
    const { client } = create({ ...answer, access_token: token })
    expect((await acquireTokenInCloudShell(client, { scopes })).account).toMatchObject({ homeAccountId, username })
  })

  test('of the emulator', async () => {
    const emulator = createEmulator()
    const { publicClientId: clientId, authority, username } = emulator.defaults
    const client = createPublicClient({ clientId, authority, env, fetch: emulator.fetch })
    expect((await acquireTokenInCloudShell(client, { scopes })).account).toMatchObject({ username })
    await expect(acquireTokenInCloudShell(client, { scopes: ['https://x.example/.default'] })).rejects.toMatchObject({
      code: 'managed_identity_error',
      error: 'AudienceNotSupported',
    })
  })
})

describe('errors', () => {
  test.each([
    [
      'a refusal',
      { error: { code: 'c', message: 'm' } },
      400,
      { code: 'managed_identity_error', error: 'c', errorDescription: 'm' },
    ],
    ['a refusal without reasons', {}, 400, { code: 'managed_identity_error', status: 400 }],
    ['a page', '<html>', 400, { code: 'managed_identity_error' }],
    ['a 429', {}, 429, { code: 'throttled' }],
    ['a 500', {}, 500, { code: 'server_error' }],
    ['no token', {}, 200, { code: 'invalid_response' }],
    ['no JSON', 'x', 200, { code: 'invalid_response' }],
    ['a token of another type', { access_token: 'a', expires_in: 1, token_type: 'pop' }, 200, { code: 'broker_error' }],
  ])('%s', async (_, body, status, expected) => {
    const { client } = create(body, status, { maxRetries: 0 })
    await expect(acquireTokenInCloudShell(client, { scopes })).rejects.toMatchObject(expected)
  })

  describe('as the broker of a client', () => {
    test('signs the user in without a prompt, and again when the token is over', async () => {
      const { client, asked, clock } = create(answer, 200, { broker: cloudShell() })
      const { account, source } = await acquireTokenInteractive(client, { scopes, prompt: 'none' })
      expect([source, account?.authorityType, asked.length]).toEqual(['broker', 'CLOUDSHELL', 1])
      expect(await getAccounts(client)).toEqual([account])
      expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache' })
      clock.seconds += 3600
      expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'broker' })
      expect(await acquireTokenSilent(client, { scopes, account, forceRefresh: true })).toMatchObject({
        source: 'broker',
      })
      expect(asked.length).toBe(3)
      await removeAccount(client, { account: account! })
      expect(await getAccounts(client)).toEqual([])
    })

    test.each([
      ['another prompt', { prompt: 'login' }, {}],
      ['no prompt', {}, {}],
      ['another place', { prompt: 'none' }, { env: {} }],
    ])('is passed by: %s', async (_, options, more) => {
      const { client, asked } = create(answer, 200, { broker: cloudShell(), ...more })
      const interaction = { redirectUri: 'http://localhost', navigate: () => Promise.reject(new Error('navigated')) }
      await expect(acquireTokenInteractive(client, { scopes, interaction, ...options })).rejects.toThrow('navigated')
      expect(asked).toEqual([])
    })

    test('leaves the accounts of others alone, and binds no token', async () => {
      const { client, asked } = create(answer, 200, { broker: cloudShell() })
      const { account } = await acquireTokenInCloudShell(client, { scopes })
      const other = { ...account!, homeAccountId: 'a.b', authorityType: 'MSSTS' }
      await expect(acquireTokenSilent(client, { scopes, account: other })).rejects.toMatchObject({ code: 'no_token' })
      const scheme = signedHttpRequest()
      await expect(acquireTokenSilent(client, { scopes, account, scheme })).rejects.toThrow(TypeError)
      await expect(acquireTokenInteractive(client, { scopes, prompt: 'none', scheme })).rejects.toThrow(TypeError)
      expect(asked.length).toBe(1)
      expect(await isPopSupported(client)).toBe(false)
    })
  })

  test('elsewhere there is no shell, and no request', async () => {
    const { client, asked } = create({}, 200, { env: {} })
    await expect(acquireTokenInCloudShell(client, { scopes })).rejects.toMatchObject({
      code: 'managed_identity_unavailable',
    })
    expect(asked).toEqual([])
    expect([isCloudShell({}), isCloudShell({ AZUREPS_HOST_ENVIRONMENT: 'x-cloud-shell' }), isCloudShell(env)]).toEqual([
      false,
      false,
      true,
    ])
  })
})

test.each([
  ['https://vault.azure.net/.default', 'https://vault.azure.net'],
  ['https://vault.azure.net', 'https://vault.azure.net'],
  ['https://management.core.windows.net//.default', 'https://management.core.windows.net/'],
  ['https://graph.microsoft.com/User.Read', 'https://graph.microsoft.com'],
  ['https://analysis.windows.net/powerbi/api/.default', 'https://analysis.windows.net/powerbi/api'],
  ['https://pas.windows.net/CheckMyAccess/Linux/.default', 'https://pas.windows.net/CheckMyAccess/Linux/.default'],
  ['api://things/read', 'api://things'],
  ['00000003-0000-0000-c000-000000000000/.default', '00000003-0000-0000-c000-000000000000'],
  ['User.Read', 'User.Read'],
])('the resource of %s', (scope, resource) => {
  expect(cloudShellResource(scope)).toBe(resource)
})
