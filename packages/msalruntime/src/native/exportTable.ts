/**
 * The types of MSALRuntime's functions, as its C headers name them: `Error` is what most calls return, null where all is well; the other
 * handles are opaque, too. `&` marks where the library writes; `Size` is in characters with the closing NUL, both ways.
 */
export type NativeType =
  | 'void'
  | 'Error'
  | 'AuthParameters'
  | 'AuthResult'
  | 'SignOutResult'
  | 'ReadAccountResult'
  | 'DiscoverAccountsResult'
  | 'Account'
  | 'Async'
  | 'LogHandle'
  | 'text'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'window'
  | 'completion'
  | 'log'
  | 'data'
  | 'buffer'

/** What is returned, then the parameters. */
export type NativeSignature = readonly [NativeType, ...(NativeType | `&${NativeType}` | '&Size')[]]

/** A function that the library has on every system. */
export type NativeName =
  | 'Startup'
  | 'Shutdown'
  | 'GetSsoPolicy'
  | 'ReadAccountByIdAsync'
  | 'DiscoverAccountsAsync'
  | 'SignInAsync'
  | 'SignInSilentlyAsync'
  | 'SignInInteractivelyAsync'
  | 'AcquireTokenSilentlyAsync'
  | 'AcquireTokenInteractivelyAsync'
  | 'SignOutSilentlyAsync'
  | 'CancelAsyncOperation'
  | 'ReleaseAsyncHandle'
  | 'RegisterLogCallback'
  | 'ReleaseLogCallbackHandle'
  | 'SetIsPiiEnabled'
  | 'CreateAuthParameters'
  | 'SetRequestedScopes'
  | 'SetRedirectUri'
  | 'SetDecodedClaims'
  | 'SetAccessTokenToRenew'
  | 'SetPopParams'
  | 'SetAdditionalParameter'
  | 'ReleaseAuthParameters'
  | 'GetError'
  | 'GetAccount'
  | 'GetIdToken'
  | 'GetRawIdToken'
  | 'GetAccessToken'
  | 'GetGrantedScopes'
  | 'GetAuthorizationHeader'
  | 'GetTelemetryData'
  | 'IsPopAuthorization'
  | 'GetExpiresOn'
  | 'ReleaseAuthResult'
  | 'GetAccountId'
  | 'GetHomeAccountId'
  | 'GetEnvironment'
  | 'GetRealm'
  | 'GetLocalAccountId'
  | 'GetUserName'
  | 'GetGivenName'
  | 'GetFamilyName'
  | 'GetMiddleName'
  | 'GetDisplayName'
  | 'GetAdditionalFieldsJson'
  | 'GetHomeEnvironment'
  | 'GetClientInfo'
  | 'ReleaseAccount'
  | 'GetReadAccountError'
  | 'GetReadAccount'
  | 'GetReadAccountTelemetryData'
  | 'ReleaseReadAccountResult'
  | 'GetDiscoverAccountsError'
  | 'GetDiscoverAccountsAt'
  | 'GetDiscoverAccountsTelemetryData'
  | 'ReleaseDiscoverAccountsResult'
  | 'GetSignOutError'
  | 'GetSignOutTelemetryData'
  | 'ReleaseSignOutResult'
  | 'GetStatus'
  | 'GetErrorCode'
  | 'GetTag'
  | 'GetContext'
  | 'ReleaseError'

/** One that only macOS has. */
export type MacName = 'Runloop_run' | 'Runloop_stop' | 'Is_main_thread'

const completes = ['completion', 'data', '&Async'] as const
const textOf = (handle: NativeType): NativeSignature => ['Error', handle, 'buffer', '&Size']
const setsText: NativeSignature = ['Error', 'AuthParameters', 'text']

/** The functions that the library has on every system, without their prefix `MSALRUNTIME_`. */
export const exportTable: Readonly<Record<NativeName, NativeSignature>> = {
  Startup: ['Error'],
  Shutdown: ['void'],
  GetSsoPolicy: ['Error', '&int32'],

  // What takes its time: each calls back once, from a thread of the library, unless it returns an error.
  ReadAccountByIdAsync: ['Error', 'text', 'text', ...completes],
  DiscoverAccountsAsync: ['Error', 'text', 'text', ...completes],
  SignInAsync: ['Error', 'window', 'AuthParameters', 'text', 'text', ...completes],
  SignInSilentlyAsync: ['Error', 'AuthParameters', 'text', ...completes],
  SignInInteractivelyAsync: ['Error', 'window', 'AuthParameters', 'text', 'text', ...completes],
  AcquireTokenSilentlyAsync: ['Error', 'AuthParameters', 'text', 'Account', ...completes],
  AcquireTokenInteractivelyAsync: ['Error', 'window', 'AuthParameters', 'text', 'Account', ...completes],
  SignOutSilentlyAsync: ['Error', 'text', 'text', 'Account', ...completes],
  CancelAsyncOperation: ['Error', 'Async'],
  ReleaseAsyncHandle: ['Error', 'Async'],

  RegisterLogCallback: ['Error', 'log', 'data', '&LogHandle'],
  ReleaseLogCallbackHandle: ['Error', 'LogHandle'],
  SetIsPiiEnabled: ['void', 'bool'],

  CreateAuthParameters: ['Error', 'text', 'text', '&AuthParameters'],
  SetRequestedScopes: setsText,
  SetRedirectUri: setsText,
  SetDecodedClaims: setsText,
  SetAccessTokenToRenew: setsText,
  SetPopParams: ['Error', 'AuthParameters', 'text', 'text', 'text', 'text'],
  SetAdditionalParameter: ['Error', 'AuthParameters', 'text', 'text'],
  ReleaseAuthParameters: ['Error', 'AuthParameters'],

  GetError: ['Error', 'AuthResult', '&Error'],
  GetAccount: ['Error', 'AuthResult', '&Account'],
  GetIdToken: textOf('AuthResult'),
  GetRawIdToken: textOf('AuthResult'),
  GetAccessToken: textOf('AuthResult'),
  GetGrantedScopes: textOf('AuthResult'),
  GetAuthorizationHeader: textOf('AuthResult'),
  GetTelemetryData: textOf('AuthResult'),
  IsPopAuthorization: ['Error', 'AuthResult', '&bool'],
  GetExpiresOn: ['Error', 'AuthResult', '&int64'],
  ReleaseAuthResult: ['Error', 'AuthResult'],

  GetAccountId: textOf('Account'),
  GetHomeAccountId: textOf('Account'),
  GetEnvironment: textOf('Account'),
  GetRealm: textOf('Account'),
  GetLocalAccountId: textOf('Account'),
  GetUserName: textOf('Account'),
  GetGivenName: textOf('Account'),
  GetFamilyName: textOf('Account'),
  GetMiddleName: textOf('Account'),
  GetDisplayName: textOf('Account'),
  GetAdditionalFieldsJson: textOf('Account'),
  GetHomeEnvironment: textOf('Account'),
  GetClientInfo: textOf('Account'),
  ReleaseAccount: ['Error', 'Account'],

  GetReadAccountError: ['Error', 'ReadAccountResult', '&Error'],
  GetReadAccount: ['Error', 'ReadAccountResult', '&Account'],
  GetReadAccountTelemetryData: textOf('ReadAccountResult'),
  ReleaseReadAccountResult: ['Error', 'ReadAccountResult'],

  GetDiscoverAccountsError: ['Error', 'DiscoverAccountsResult', '&Error'],
  GetDiscoverAccountsAt: ['Error', 'DiscoverAccountsResult', 'int32', '&Account'],
  GetDiscoverAccountsTelemetryData: textOf('DiscoverAccountsResult'),
  ReleaseDiscoverAccountsResult: ['Error', 'DiscoverAccountsResult'],

  GetSignOutError: ['Error', 'SignOutResult', '&Error'],
  GetSignOutTelemetryData: textOf('SignOutResult'),
  ReleaseSignOutResult: ['Error', 'SignOutResult'],

  GetStatus: ['Error', 'Error', '&int32'],
  GetErrorCode: ['Error', 'Error', '&int64'],
  GetTag: ['Error', 'Error', '&int32'],
  GetContext: textOf('Error'),
  ReleaseError: ['int32', 'Error'],
}

/** What macOS has beyond these: windows need the run loop of the main thread. */
export const macExportTable: Readonly<Record<MacName, NativeSignature>> = {
  Runloop_run: ['void'],
  Runloop_stop: ['void'],
  Is_main_thread: ['bool'],
}
