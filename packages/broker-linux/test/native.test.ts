import {
  acquireTokenByUsernamePassword,
  acquireTokenInteractive,
  acquireTokenSilent,
  createPublicClient,
  getAccounts,
  isPopSupported,
  needsInteraction,
  removeAccount,
  type Logger,
  type PublicClient,
} from '@latchkey/core'
import { signedHttpRequest } from '@latchkey/pop'
import { consoleWindow, linuxBroker, type LinuxBrokerOptions } from '@latchkey/broker-linux'
import { verify, type JsonWebKey } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { doubleAccount } from '../../../tools/nativeBroker/doubleAccount.ts'
import { BusFailure, DOUBLE_STATUS, refusal, tokensFor } from '../../../tools/nativeBroker/doubleAnswers.ts'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'

const native = await nativeBrokerForTests()
const { broker } = native
const scopes = ['User.Read']
const authority = 'https://login.microsoftonline.com/organizations'

function newClient(options: LinuxBrokerOptions = {}): PublicClient {
  const fetch = (): never => {
    throw new Error('The network was asked')
  }
  // The library keeps tokens and locks by app: each test has its own.
  const clientId = crypto.randomUUID()
  return createPublicClient({ clientId, authority, broker: linuxBroker({ policy: 'require', ...options }), fetch })
}
const signIn = (client: PublicClient, more: object = {}) =>
  acquireTokenInteractive(client, { scopes, parentWindow: consoleWindow, ...more })
const members = (): string[] => broker.calls.map(({ member }) => member)
const caught = async (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it to succeed'),
    (error: Error & { code?: string }) => error,
  )

describe.skipIf(native.reason)(native.title('linuxBroker with the real library'), () => {
  beforeEach(async () => {
    await broker.join()
    broker.reset()
  })

  it('signs in whom the computer knows, without a window', async () => {
    const client = newClient()
    expect(await isPopSupported(client)).toBe(true)
    const result = await signIn(client)
    const [{ username, homeAccountId, localAccountId, realm }] = broker.accounts as [ReturnType<typeof doubleAccount>]
    expect(result).toMatchObject({ source: 'broker', account: { username, homeAccountId, localAccountId } })
    expect(result.idTokenClaims).toMatchObject({ oid: localAccountId, tid: realm, name: 'Zoë Öztürk' })
    expect(members()).not.toContain('acquireTokenInteractively')
    expect(await getAccounts(client)).toMatchObject([{ username, accountSource: 'broker' }])
  })

  it('tells how it went, without names and tokens', async () => {
    const lines: string[] = []
    const told: [string, string, unknown][] = []
    const asked = linuxBroker({ policy: 'require', onLog: (level, line) => void lines.push(`${level} ${line}`) })
    const { clientId } = newClient()
    const logger: Logger = (...all) => void told.push(all as (typeof told)[number])
    const client = createPublicClient({ clientId, authority, broker: asked, fetch, logger })
    const { accessToken, account, correlationId } = await signIn(client)
    broker.answerOnce('acquireTokenSilently', () => refusal('NoNetwork'))
    await caught(acquireTokenSilent(client, { scopes, account, forceRefresh: true }))
    const went = { client_id: clientId, msal_version: expect.any(String) as string }
    expect(told).toEqual([
      ['debug', 'Microsoft identity broker answered', expect.objectContaining({ ...went, is_successful: 'true' })],
      ['debug', 'Microsoft identity broker answered', expect.objectContaining({ ...went, is_successful: 'false' })],
    ])
    expect(told[0]![2]).toMatchObject({ api_name: 'SignInSilently', correlation_id: correlationId })
    await asked.removeAccount(client, account!)
    const names = lines.flatMap((line) => /^debug telemetry .*"api_name":"(\w+)"/.exec(line)?.[1] ?? [])
    expect(names).toEqual([
      ...['SignInSilently', 'ReadAccountById', 'AcquireTokenSilently', 'ReadAccountById', 'SignOut'],
    ])
    const all = JSON.stringify([told, lines])
    for (const secret of [accessToken, account!.username, broker.accounts[0]!.name]) expect(all).not.toContain(secret)
  })

  it('asks with a window where the app wants a choice, and says what it was told', async () => {
    const client = newClient()
    await signIn(client, { prompt: 'select_account', claims: '{"access_token":{"nbf":{"essential":true}}}' })
    const { request } = broker.calls.find(({ member }) => member === 'acquireTokenInteractively')!
    const { clientId, requestedScopes, redirectUri, decodedClaims, additionalQueryParametersForAuthorization } =
      request.authParameters!
    expect({ clientId, requestedScopes, redirectUri }).toEqual({
      clientId: client.clientId,
      requestedScopes: scopes,
      redirectUri: 'https://login.microsoftonline.com/common/oauth2/nativeclient',
    })
    expect(JSON.parse(decodedClaims)).toEqual({ access_token: { nbf: { essential: true } } })
    expect(additionalQueryParametersForAuthorization).toHaveProperty('msal_client_sku')
    expect(request['parentWindowHandle']).toBe(1)
  })

  it('takes a window as Electron gives it', async () => {
    const handle = Buffer.alloc(8)
    handle.writeBigUInt64LE(0x2a0000fn)
    await signIn(newClient(), { prompt: 'select_account', parentWindow: handle })
    expect(broker.calls.at(-1)!.request['parentWindowHandle']).toBe(0x2a0000f)
  })

  it('gets tokens from the cache first, and from the broker where it must', async () => {
    const client = newClient()
    const { account, accessToken } = await signIn(client)
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache', accessToken })
    const before = broker.calls.length
    const renewed = await acquireTokenSilent(client, { scopes, account, claims: '{"access_token":{"a":null}}' })
    expect(renewed.source).toBe('broker')
    expect(renewed.accessToken).not.toBe(accessToken)
    expect(broker.calls.length).toBeGreaterThan(before)
    expect(await acquireTokenSilent(client, { scopes: ['Mail.Read'], account })).toMatchObject({ source: 'broker' })
  })

  it('signs out: the account is gone, and a window is needed again', async () => {
    const client = newClient()
    const { account } = await signIn(client)
    await removeAccount(client, { account: account! })
    expect(await getAccounts(client)).toEqual([])
    const error = await caught(acquireTokenSilent(client, { scopes, account }))
    expect(needsInteraction(error)).toBe(true)
    await signIn(client, { prompt: 'select_account' })
    expect(await getAccounts(client)).toHaveLength(1)
  })

  it('takes a name and a password, and refuses a wrong one without telling it', async () => {
    const client = newClient()
    const [{ username }] = broker.accounts as [ReturnType<typeof doubleAccount>]
    broker.passwords.set(username, 'a right password')
    const right = { scopes, username, password: 'a right password' }
    expect(await acquireTokenByUsernamePassword(client, right)).toMatchObject({
      source: 'broker',
      account: { username },
    })
    const error = await caught(acquireTokenByUsernamePassword(client, { ...right, password: 'a wrong password' }))
    expect(error.code).toBe('interaction_required')
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('a wrong password')
  })

  it('signs a request, and keeps no signed request', async () => {
    const client = newClient()
    const request = { method: 'POST', url: 'https://api.example:8443/things?id=1', nonce: 'a nonce' }
    const scheme = signedHttpRequest({ request })
    const { tokenType, accessToken, account } = await signIn(client, { scheme })
    expect(tokenType).toBe('pop')
    const [header, payload, signature] = accessToken.split('.') as [string, string, string]
    const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { cnf: { jwk: JsonWebKey } }
    expect(said).toMatchObject({ m: 'POST', u: 'api.example:8443', p: '/things', nonce: 'a nonce' })
    const key = { key: said.cnf.jwk, format: 'jwk' } as const
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true)
    const again = await acquireTokenSilent(client, { scopes, account, scheme })
    expect(again.accessToken).not.toBe(accessToken)
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({
      tokenType: expect.stringMatching(/bearer/i),
    })
  })

  it.each(Object.keys(DOUBLE_STATUS) as (keyof typeof DOUBLE_STATUS)[])('makes an error of %s', async (status) => {
    const client = newClient()
    broker.answer('acquireTokenSilently', () => refusal(status))
    broker.answer('acquireTokenInteractively', () => refusal(status))
    const error = await caught(signIn(client, { prompt: 'select_account' }))
    const codes: Partial<Record<keyof typeof DOUBLE_STATUS, string>> = {
      ...{ InteractionRequired: 'interaction_required', AccountUnusable: 'interaction_required' },
      ...{ NoNetwork: 'network_error', NetworkTemporarilyUnavailable: 'network_error' },
      ...{ ServerTemporarilyUnavailable: 'server_error', UserCanceled: 'user_cancelled' },
    }
    if (codes[status]) expect(error.code).toBe(codes[status])
    else expect(error).toMatchObject({ name: 'AuthError', code: expect.any(String) })
  })

  it.each(['the same tenant', 'another tenant'])("never takes another user's token: of %s", async (where) => {
    const client = newClient()
    const { account } = await signIn(client)
    const realm = where === 'the same tenant' ? { realm: broker.accounts[0]!.realm } : {}
    const colleague = doubleAccount({ username: 'max@fabrikam.example', ...realm })
    // The library gives the ids of the account that was asked for, whoever answered: only the ID token tells.
    broker.answer('acquireTokenSilently', (call) => tokensFor(call, colleague))
    const error = await caught(acquireTokenSilent(client, { scopes: ['Mail.Read'], account }))
    expect(error).toMatchObject({ name: 'AuthError', code: 'account_mismatch' })
    expect(await getAccounts(client)).toMatchObject([{ username: 'zoe@fabrikam.example' }])
  })

  it('survives what a broker may do, and works again', async () => {
    const client = newClient()
    const { account } = await signIn(client)
    const claims = '{"access_token":{"a":null}}'
    const answers = [
      () => '',
      () => '{}',
      () => '{"brokerTokenResponse":',
      () => 'x'.repeat(100_000),
      () => ({ brokerTokenResponse: { accessToken: 'a secret token' } }),
      () => {
        throw new BusFailure('com.microsoft.identity.Error', 'it said no')
      },
    ]
    for (const answer of answers) {
      broker.answerOnce('acquireTokenSilently', answer)
      const error = await caught(acquireTokenSilent(client, { scopes, account, claims }))
      expect(error).toMatchObject({ name: 'AuthError' })
      expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('a secret token')
    }
    broker.answerOnce('acquireTokenSilently', () => {
      broker.leave()
      return ''
    })
    expect(await caught(acquireTokenSilent(client, { scopes, account, claims }))).toMatchObject({ name: 'AuthError' })
    expect(await caught(acquireTokenSilent(client, { scopes, account, claims }))).toMatchObject({ name: 'AuthError' })
    await broker.join()
    expect(await acquireTokenSilent(client, { scopes, account, claims })).toMatchObject({ source: 'broker' })
  })

  it('does not wait for a slow broker whom nobody waits for', async () => {
    const client = newClient()
    const { account } = await signIn(client)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let asked = (): void => {}
    const slow = new Promise<void>((resolve) => (asked = resolve))
    broker.answerOnce('acquireTokenSilently', async (call) => {
      asked()
      await held
      return tokensFor(call, broker.accounts[0]!)
    })
    const controller = new AbortController()
    const { signal } = controller
    const given = caught(acquireTokenSilent(client, { scopes: ['Mail.Read'], account, signal }))
    await slow
    controller.abort()
    expect((await given).code).toBe('user_cancelled')
    release()
    expect(await acquireTokenSilent(client, { scopes: ['Mail.Read'], account })).toMatchObject({ source: 'broker' })
  })

  it('serves many at once', async () => {
    const client = newClient()
    const { account } = await signIn(client)
    const names = Array.from({ length: 20 }, (_, index) => `Scope.${index}`)
    const results = await Promise.all(
      names.map(async (name) => acquireTokenSilent(client, { scopes: [name], account })),
    )
    expect(results.map(({ source }) => source)).toEqual(names.map(() => 'broker'))
    expect(new Set(results.map(({ accessToken }) => accessToken)).size).toBe(20)
  })
})
