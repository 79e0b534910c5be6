import { randomUUID } from 'node:crypto'
import { MsalRuntimeError, type MsalRuntimeParameters } from '@latchkey/msalruntime'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { DOUBLE_STATUS, refusal } from '../../../tools/nativeBroker/doubleAnswers.ts'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'
import { msalRuntimeOn } from '../src/createMsalRuntime.js'
import { thisSystem } from '../src/native/loadLibrary.js'
import { countHandles } from './countHandles.js'

const native = await nativeBrokerForTests()
const { counts, load } = countHandles()
const runtime = msalRuntimeOn(thisSystem, load, { libraryPath: native.library })
const call = (signal?: AbortSignal) => ({ correlationId: randomUUID(), signal })
const ask = (more: Partial<MsalRuntimeParameters> = {}): MsalRuntimeParameters => ({
  clientId: randomUUID(),
  authority: 'https://login.microsoftonline.com/organizations',
  scopes: ['User.Read'],
  redirectUri: 'https://login.microsoftonline.com/common/oauth2/nativeclient',
  ...more,
})
const failure = async (promise: Promise<unknown>): Promise<MsalRuntimeError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(MsalRuntimeError)
  return error as MsalRuntimeError
}

describe.skipIf(native.reason)(native.title('the real MSALRuntime'), () => {
  beforeEach(async () => {
    native.broker.reset()
    expect(await runtime.start()).toBeUndefined()
    return () => runtime.stop()
  })
  afterAll(() => {
    const kinds = ['AuthResult', 'ReadAccountResult', 'DiscoverAccountsResult', 'SignOutResult', 'Account', 'Error']
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(kinds))
    expect(Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))).toEqual({})
  })

  test('does every operation', async () => {
    const [user] = native.broker.accounts
    const asked = ask()
    const token = await runtime.signInSilently(asked, call())
    expect(token).toMatchObject({ isPop: false, account: { userName: user!.username } })
    const accounts = await runtime.discoverAccounts(asked.clientId, call())
    expect(accounts.map(({ homeAccountId }) => homeAccountId)).toEqual([user!.homeAccountId])
    const id = accounts[0]!.accountId!
    expect((await runtime.readAccount(id, call()))?.userName).toBe(user!.username)
    expect(await runtime.readAccount('nobody', call())).toBeUndefined()
    expect((await runtime.acquireTokenSilently(id, asked, call()))?.accessToken).toBe(token.accessToken)
    const renewed = await runtime.acquireTokenSilently(id, { ...asked, accessTokenToRenew: token.accessToken }, call())
    expect(renewed?.accessToken).not.toBe(token.accessToken)
    for (const named of [
      await runtime.signIn(1n, asked, call()),
      await runtime.signInInteractively(1n, asked, { ...call(), loginHint: user!.username }),
      await runtime.acquireTokenInteractively(1n, id, asked, call()),
    ])
      expect(named?.account?.accountId).toBe(id)
    await runtime.signOut(asked.clientId, id, call())
    expect((await failure(runtime.acquireTokenSilently(id, asked, call()))).status).toBe('AccountUnusable')
  })

  test.each(Object.keys(DOUBLE_STATUS) as (keyof typeof DOUBLE_STATUS)[])('gives %s', async (status) => {
    native.broker.answer('acquireTokenSilently', () => refusal(status))
    const error = await failure(runtime.signInSilently(ask(), call()))
    expect(error).toMatchObject({ status, tag: '5vt4a', errorCode: -895156209n })
  })

  test('has a request signed', async () => {
    const pop = { method: 'GET', host: 'api.example', path: '/things', nonce: 'n1' }
    const token = await runtime.signInSilently(ask({ pop }), call())
    expect(token.isPop).toBe(true)
    const [, payload] = token.authorizationHeader!.split(' ')[1]!.split('.')
    const signed: unknown = JSON.parse(Buffer.from(payload!, 'base64url').toString())
    expect(signed).toMatchObject({ m: 'GET', u: 'api.example', p: '/things', nonce: 'n1' })
  })

  test('refuses the window 0 before anything is shown', async () => {
    expect((await failure(runtime.signInInteractively(0n, ask(), call()))).status).toBe('ApiContractViolation')
  })

  test('lets go at once of what is cancelled', async () => {
    let answer!: () => void
    const asked = new Promise<void>((resolve) => {
      native.broker.answer('acquireTokenInteractively', async () => {
        resolve()
        await new Promise<void>((resolve) => (answer = resolve))
        return refusal('UserCanceled')
      })
    })
    const controller = new AbortController()
    const signIn = runtime.signInInteractively(1n, ask(), call(controller.signal))
    await asked
    controller.abort()
    await expect(signIn).rejects.toMatchObject({ code: 'user_cancelled' })
    answer()
  })

  test('does 200 at once', async () => {
    const asked = ask()
    const tokens = await Promise.all(Array.from({ length: 200 }, () => runtime.signInSilently(asked, call())))
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(200)
  }, 120_000)

  test('tells what it logs, from whatever thread', async () => {
    const lines: string[] = []
    const { library: libraryPath } = native
    const onLog = (level: string, line: string): void => void lines.push(`${level} ${line}`)
    const told = msalRuntimeOn(thisSystem, load, { libraryPath, onLog })
    expect(await told.start()).toBeUndefined()
    const asked = ask()
    await Promise.all(Array.from({ length: 20 }, () => told.signInSilently(asked, call())))
    await told.stop()
    expect(lines.filter((line) => /^(trace|debug|info|warning) /.test(line)).length).toBeGreaterThan(20)
  })

  test('says so when the broker dies in the middle, and works when it is back', async () => {
    native.broker.answerOnce('acquireTokenSilently', () => {
      native.broker.leave()
      return new Promise<never>(() => {})
    })
    expect((await failure(runtime.signInSilently(ask(), call()))).status).toBe('Unexpected')
    await native.broker.join()
    expect((await runtime.signInSilently(ask(), call())).accessToken).toBeTruthy()
  })

  test('starts again after it was stopped, and after it could not start', async () => {
    await runtime.stop()
    native.broker.leave()
    expect(await runtime.start()).toMatchObject({ reason: 'start_failed', cause: { status: 'ApiContractViolation' } })
    await expect(runtime.signInSilently(ask(), call())).rejects.toThrow(TypeError)
    await native.broker.join()
    expect(await runtime.start()).toBeUndefined()
    expect((await runtime.signInSilently(ask(), call())).accessToken).toBeTruthy()
  })
})
