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

const completes = ['completion', 'data', '&Async'] as const
const textOf = <Handle extends NativeType>(handle: Handle) => ['Error', handle, 'buffer', '&Size'] as const
const setsText = ['Error', 'AuthParameters', 'text'] as const

/** The functions that the library has on every system, without their prefix `MSALRUNTIME_`. */
export const exportTable = {
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
} as const satisfies Readonly<Record<string, NativeSignature>>

/** What macOS has beyond these: windows need the run loop of the main thread. */
export const macExportTable = {
  Runloop_run: ['void'],
  Runloop_stop: ['void'],
  Is_main_thread: ['bool'],
} as const satisfies Readonly<Record<string, NativeSignature>>

/** A function that the library has on every system. */
export type NativeName = keyof typeof exportTable
