import type { MsalRuntimeProblem } from './MsalRuntimeProblem.js'

/** A window as MSALRuntime takes it: `HWND` on Windows, the X11 window on Linux; never 0. */
export type WindowHandle = bigint

/** What every operation takes. */
export interface MsalRuntimeCall {
  /** The id that ties this call to the server's logs. */
  readonly correlationId: string
  /** Settles the promise at once; the library is told to stop, too, and what it still answers is released. */
  readonly signal?: AbortSignal | undefined
}

/** What a token is asked for with. */
export interface MsalRuntimeParameters {
  /** The app's client id. */
  readonly clientId: string
  /** The authority's URL with its tenant. */
  readonly authority: string
  /** The scopes; none of OpenID Connect's own. */
  readonly scopes: readonly string[]
  /** The redirect URI, where one is sent. */
  readonly redirectUri?: string | undefined
  /** A claims request, as JSON text. */
  readonly claims?: string | undefined
  /** The access token that is refused, so that the library does not give it again. */
  readonly accessTokenToRenew?: string | undefined
  /** The request to sign. */
  readonly pop?: MsalRuntimePop | undefined
  /** Further parameters by name. */
  readonly additional?: Readonly<Record<string, string>> | undefined
}

/** A request that the broker signs. */
export interface MsalRuntimePop {
  /** Such as `GET`. */
  readonly method: string
  /** The host, with its port where that is not the scheme's own. */
  readonly host: string
  /** The path, without the query. */
  readonly path: string
  /** The resource's nonce; empty where it gave none. */
  readonly nonce: string
}

/** An account, copied out of the library. What is not known is absent. */
export interface MsalRuntimeAccount {
  /** The library's own id of it: what `readAccount` and its like take. */
  readonly accountId?: string | undefined
  /** The user across tenants. */
  readonly homeAccountId?: string | undefined
  /** The authority's host. */
  readonly environment?: string | undefined
  /** The tenant. */
  readonly realm?: string | undefined
  /** The user's object id in the tenant. */
  readonly localAccountId?: string | undefined
  /** The sign-in name. */
  readonly userName?: string | undefined
  /** The given name. */
  readonly givenName?: string | undefined
  /** The family name. */
  readonly familyName?: string | undefined
  /** The middle name. */
  readonly middleName?: string | undefined
  /** The name to show. */
  readonly displayName?: string | undefined
  /** Further fields, as JSON text. */
  readonly additionalFieldsJson?: string | undefined
  /** The host of the user's own cloud. */
  readonly homeEnvironment?: string | undefined
  /** Entra's `client_info`. */
  readonly clientInfo?: string | undefined
}

/** A token, copied out of the library. What is not known is absent. */
export interface MsalRuntimeToken {
  /** Whose token it is. */
  readonly account?: MsalRuntimeAccount | undefined
  /** The access token. */
  readonly accessToken?: string | undefined
  /** The ID token as it came. */
  readonly rawIdToken?: string | undefined
  /** The ID token's claims, as JSON text. */
  readonly idToken?: string | undefined
  /** The scopes that were granted, with spaces between. */
  readonly grantedScopes?: string | undefined
  /** The whole `Authorization` header. */
  readonly authorizationHeader?: string | undefined
  /** Whether the token is a signed request. */
  readonly isPop: boolean
  /** When the token ends, in seconds since the epoch. */
  readonly expiresOn: number
  /** What the library says of the call, as JSON text: not for logs, since it may name people. */
  readonly telemetry?: string | undefined
}

/**
 * MSALRuntime with promises and plain objects: nothing of the library has to be released by the caller.
 *
 * Operations reject with {@link MsalRuntimeError} where the library says no. While one runs, the process does not end by itself.
 */
export interface MsalRuntime {
  /**
   * Opens the library and starts it; calls are counted, and those at the same time share one start.
   *
   * @returns Why it cannot be used; `undefined` where it can.
   */
  start(): Promise<MsalRuntimeProblem | undefined>
  /**
   * Takes back one {@link MsalRuntime.start} that succeeded; the last one waits for what is running and, as the last user, shuts down.
   *
   * @returns When it is done.
   */
  stop(): Promise<void>
  /**
   * Lists the accounts that the broker knows.
   *
   * @param clientId The app.
   * @param call How.
   * @returns The accounts.
   */
  discoverAccounts(clientId: string, call: MsalRuntimeCall): Promise<MsalRuntimeAccount[]>
  /**
   * Finds an account that signed in here before.
   *
   * @param accountId Its id.
   * @param call How.
   * @returns The account; `undefined` where it is not known.
   */
  readAccount(accountId: string, call: MsalRuntimeCall): Promise<MsalRuntimeAccount | undefined>
  /**
   * Signs in the operating system's own account, without showing anything.
   *
   * @param parameters What for.
   * @param call How.
   * @returns The token.
   */
  signInSilently(parameters: MsalRuntimeParameters, call: MsalRuntimeCall): Promise<MsalRuntimeToken>
  /**
   * Signs in without showing anything where that is possible, else with the broker's window.
   *
   * @param window The window to stand on.
   * @param parameters What for.
   * @param call How.
   * @returns The token.
   */
  signIn(
    window: WindowHandle,
    parameters: MsalRuntimeParameters,
    call: MsalRuntimeCall & { readonly loginHint?: string | undefined },
  ): Promise<MsalRuntimeToken>
  /**
   * Signs in with the broker's window.
   *
   * @param window The window to stand on.
   * @param parameters What for.
   * @param call How, and who.
   * @returns The token.
   */
  signInInteractively(
    window: WindowHandle,
    parameters: MsalRuntimeParameters,
    call: MsalRuntimeCall & { readonly loginHint?: string | undefined },
  ): Promise<MsalRuntimeToken>
  /**
   * Gets a token of an account that signed in here before, without showing anything.
   *
   * @param accountId The account.
   * @param parameters What for.
   * @param call How.
   * @returns The token; `undefined` where the account is not known.
   */
  acquireTokenSilently(
    accountId: string,
    parameters: MsalRuntimeParameters,
    call: MsalRuntimeCall,
  ): Promise<MsalRuntimeToken | undefined>
  /**
   * Gets a token of an account that signed in here before, with the broker's window.
   *
   * @param window The window to stand on.
   * @param accountId The account.
   * @param parameters What for.
   * @param call How.
   * @returns The token; `undefined` where the account is not known.
   */
  acquireTokenInteractively(
    window: WindowHandle,
    accountId: string,
    parameters: MsalRuntimeParameters,
    call: MsalRuntimeCall,
  ): Promise<MsalRuntimeToken | undefined>
  /**
   * Signs an account out of the app.
   *
   * @param clientId The app.
   * @param accountId The account; one that is not known is signed out already.
   * @param call How.
   * @returns When it is done.
   */
  signOut(clientId: string, accountId: string, call: MsalRuntimeCall): Promise<void>
}
