import { createMsalRuntime, MsalRuntimeError, type MsalRuntime } from '@latchkey/msalruntime'
import koffi from 'koffi'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  findLibrary,
  loadLibrary,
  thisSystem,
  type FoundLibrary,
  type LoadedLibrary,
} from '../../../msalruntime/src/native/loadLibrary.js'
import { nativeCalls } from '../../../msalruntime/src/native/nativeCalls.js'
import { readToken, takeAccount } from '../../../msalruntime/src/native/readHandles.js'
import { resultsForTests } from './fixtures/resultsForTests.js'

const path = process.env['MSALRUNTIME_DLL']!
const loaded = loadLibrary(thisSystem(), findLibrary(thisSystem(), path) as FoundLibrary) as LoadedLibrary
const native = nativeCalls(loaded.exports, true)
const forTests = resultsForTests(path)

const [user, tenant] = ['c2199d32-f938-4a42-8580-2da126a64705', '00000001-0001-0001-0001-000000000001']
const identity = [`${user}.${tenant}`, 'login.windows.net', tenant, user, 'mssts']
const names = ['zoe@fabrikam.example', 'Zoë', 'Öztürk 😀', 'middle ü', 'Zoë Öztürk', 'alternative', 'client info ß']
const account = [...identity, ...names, 'https://fabrikam.example/password', 'home.example', '{"ä":"ü"}']
const token = {
  idToken: '{"oid":"ü"}',
  rawIdToken: 'raw.id.token',
  accessToken: 'access token ß',
  expiresOn: 1_700_000_001n,
  scopes: 'User.Read openid',
  authorizationHeader: 'pop signed',
  isPop: true,
}

describe('msalruntime.dll', () => {
  it('is loaded by Node for Windows, with every function', () => {
    expect(process.platform).toBe('win32')
    expect(Object.keys(loaded.exports)).toHaveLength(65)
  })

  it('gives every field of an account, UTF-16 in between', async () => {
    expect(takeAccount(native, await forTests.account(account))).toEqual({
      accountId: user,
      homeAccountId: `${user}.${tenant}`,
      environment: 'login.windows.net',
      realm: tenant,
      localAccountId: user,
      userName: 'zoe@fabrikam.example',
      givenName: 'Zoë',
      familyName: 'Öztürk 😀',
      middleName: 'middle ü',
      displayName: 'Zoë Öztürk',
      additionalFieldsJson: '{"ä":"ü"}',
      homeEnvironment: 'home.example',
      clientInfo: 'client info ß',
    })
  })

  it.each([true, false])('gives every field of a token, signed request or not: %s', async (isPop) => {
    const owner = await forTests.account(account)
    const result = await forTests.result({ ...token, isPop }, owner)
    const { account: read, ...fields } = readToken(native, result)
    expect(read?.userName).toBe('zoe@fabrikam.example')
    expect(fields).toMatchObject({
      accessToken: 'access token ß',
      rawIdToken: 'raw.id.token',
      idToken: '{"oid":"ü"}',
      grantedScopes: 'User.Read openid',
      authorizationHeader: 'pop signed',
      isPop,
      expiresOn: 1_700_000_001,
    })
    native.call('ReleaseAuthResult', result)
    native.call('ReleaseAccount', owner)
  })

  it('gives every field of an error', async () => {
    const error = { tag: 0x1f553780, status: 13, errorCode: -895_156_209n, context: 'ctx é 😀' }
    const owner = await forTests.account(account)
    const result = await forTests.failure(token, error, owner)
    const read = (): unknown => readToken(native, result)
    expect(read).toThrow(MsalRuntimeError)
    expect(read).toThrow('ctx é 😀. Status: AccountUnusable, Error code: -895156209, Tag: 5vt4a')
    native.call('ReleaseAuthResult', result)
    native.call('ReleaseAccount', owner)
  })

  it('takes parameters as UTF-16, and gives its handles back', () => {
    const parameters = native.get('CreateAuthParameters', 'app', 'https://login.microsoftonline.com/common')!
    native.call('SetRequestedScopes', parameters, 'User.Read')
    native.call('SetRedirectUri', parameters, 'https://login.microsoftonline.com/common/oauth2/nativeclient')
    native.call('SetDecodedClaims', parameters, '{"access_token":{"ä":null}}')
    native.call('SetAdditionalParameter', parameters, 'schlüssel', 'wert 😀')
    native.call('SetPopParams', parameters, 'GET', 'api.example', '/ü', 'nonce')
    native.call('ReleaseAuthParameters', parameters)
  })
})

describe('createMsalRuntime', () => {
  let runtime: MsalRuntime
  beforeAll(() => {
    runtime = createMsalRuntime({ libraryPath: path })
  })
  const call = (): { correlationId: string } => ({ correlationId: crypto.randomUUID() })
  const authority = 'https://login.microsoftonline.com/organizations'
  const parameters = { clientId: 'app', authority, scopes: ['User.Read'] }

  it('starts, calls back from the threads of the library, and stops', async () => {
    expect(await runtime.start()).toBeUndefined()
    expect(await runtime.discoverAccounts('app', call())).toEqual([])
    expect(await runtime.readAccount(user, call())).toBeUndefined()
    const error = await runtime.signInSilently(parameters, call()).catch((thrown: unknown) => thrown)
    // Wine has no Web Account Manager: the class is not registered.
    expect(error).toBeInstanceOf(MsalRuntimeError)
    expect(error).toMatchObject({ status: 'Unexpected' })
    expect(BigInt.asUintN(32, (error as MsalRuntimeError).errorCode)).toBe(0x8004_0154n)
    await runtime.stop()
    expect(koffi.stats()['callbacks']).toBe(0)
  })

  it('serves many at once', async () => {
    expect(await runtime.start()).toBeUndefined()
    const lists = await Promise.all(Array.from({ length: 50 }, () => runtime.discoverAccounts('app', call())))
    expect(lists.flat()).toEqual([])
    await runtime.stop()
  })
})
