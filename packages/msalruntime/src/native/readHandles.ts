import type { MsalRuntimeAccount, MsalRuntimeToken } from '../MsalRuntime.js'
import { MsalRuntimeError } from '../MsalRuntimeError.js'
import type { NativeName } from './exportTable.js'
import type { Handle, NativeCalls } from './nativeCalls.js'

const accountTexts = {
  accountId: 'GetAccountId',
  homeAccountId: 'GetHomeAccountId',
  environment: 'GetEnvironment',
  realm: 'GetRealm',
  localAccountId: 'GetLocalAccountId',
  userName: 'GetUserName',
  givenName: 'GetGivenName',
  familyName: 'GetFamilyName',
  middleName: 'GetMiddleName',
  displayName: 'GetDisplayName',
  additionalFieldsJson: 'GetAdditionalFieldsJson',
  homeEnvironment: 'GetHomeEnvironment',
  clientInfo: 'GetClientInfo',
} as const

const tokenTexts = {
  accessToken: 'GetAccessToken',
  rawIdToken: 'GetRawIdToken',
  idToken: 'GetIdToken',
  grantedScopes: 'GetGrantedScopes',
  authorizationHeader: 'GetAuthorizationHeader',
  telemetry: 'GetTelemetryData',
} as const

function readTexts<Name extends string>(
  native: NativeCalls,
  handle: Handle,
  getters: Readonly<Record<Name, NativeName>>,
): Partial<Record<Name, string>> {
  const read = Object.entries<NativeName>(getters).map(([name, getter]) => [name, native.text(getter, handle)] as const)
  return Object.fromEntries(read.filter(([, text]) => text !== undefined)) as Partial<Record<Name, string>>
}

/**
 * Copies an account out of the library and releases it.
 *
 * @param native The library.
 * @param account The account.
 * @returns The copy.
 */
export function takeAccount(native: NativeCalls, account: Handle): MsalRuntimeAccount {
  try {
    return readTexts(native, account, accountTexts)
  } finally {
    native.release('ReleaseAccount', account)
  }
}

/**
 * Throws the error that a result holds.
 *
 * @param native The library.
 * @param getError What asks the result for it.
 * @param getTelemetry What asks the result for what the library says of the call.
 * @param result The result, which stays the caller's.
 * @throws {MsalRuntimeError} where the operation failed.
 */
export function throwError(native: NativeCalls, getError: NativeName, getTelemetry: NativeName, result: Handle): void {
  const error = native.get(getError, result)
  if (error) throw takeFailure(native, error, getTelemetry, result)
}

function takeFailure(native: NativeCalls, error: Handle, getTelemetry: NativeName, result: Handle): MsalRuntimeError {
  const { status, errorCode, tag, context } = native.takeError(error)
  return new MsalRuntimeError({ status, errorCode, tag, context, telemetry: native.text(getTelemetry, result) })
}

/**
 * Copies a token out of the library.
 *
 * @param native The library.
 * @param result The result, which stays the caller's.
 * @returns The copy.
 * @throws {MsalRuntimeError} where the operation failed.
 */
export function readToken(native: NativeCalls, result: Handle): MsalRuntimeToken {
  throwError(native, 'GetError', 'GetTelemetryData', result)
  const account = native.get('GetAccount', result)
  return {
    ...(account && { account: takeAccount(native, account) }),
    ...readTexts(native, result, tokenTexts),
    isPop: Number(native.number('IsPopAuthorization', result)) !== 0,
    expiresOn: Number(native.number('GetExpiresOn', result)),
  }
}

/**
 * Copies all accounts out of the library.
 *
 * @param native The library.
 * @param result The result, which stays the caller's.
 * @returns The copies.
 * @throws {MsalRuntimeError} where the operation failed.
 */
export function readAccounts(native: NativeCalls, result: Handle): MsalRuntimeAccount[] {
  throwError(native, 'GetDiscoverAccountsError', 'GetDiscoverAccountsTelemetryData', result)
  const accounts: MsalRuntimeAccount[] = []
  for (;;) {
    const account = native.get('GetDiscoverAccountsAt', result, accounts.length)
    if (!account) return accounts
    accounts.push(takeAccount(native, account))
  }
}

/**
 * Gives the account of a reading.
 *
 * @param native The library.
 * @param result The result, which stays the caller's.
 * @returns The account, which is the caller's to release; `undefined` where it is not known.
 * @throws {MsalRuntimeError} where the operation failed otherwise.
 */
export function readFoundAccount(native: NativeCalls, result: Handle): Handle | undefined {
  const error = native.get('GetReadAccountError', result)
  if (!error) return native.get('GetReadAccount', result) ?? undefined
  const failure = takeFailure(native, error, 'GetReadAccountTelemetryData', result)
  if (failure.status === 'AccountNotFound') return undefined
  throw failure
}
