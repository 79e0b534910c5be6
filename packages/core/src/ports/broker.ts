import type { Account } from '../Account.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'

/** What a broker is asked for. */
export interface BrokerRequest {
  /** The app's client id. */
  readonly clientId: string
  /** The authority's URL. */
  readonly authority: string
  /** The scopes, undecorated. */
  readonly scopes: readonly string[]
  /** The user to ask for. */
  readonly account?: Account | undefined
  /** A claims challenge. */
  readonly claims?: string | undefined
  /** The id that ties this call to the server's logs. */
  readonly correlationId: string
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/** The operating system's own sign-in. */
export interface Broker {
  /** Its name in events and errors. */
  readonly name: string
  /**
   * Tells whether it can be used here.
   *
   * @returns `true` where it can.
   */
  isAvailable(): boolean | Promise<boolean>
  /**
   * Gets a token without showing anything.
   *
   * @param request What is asked for.
   * @returns The token.
   */
  acquireTokenSilent(request: BrokerRequest): Promise<AuthenticationResult>
  /**
   * Gets a token with the broker's own window.
   *
   * @param request What is asked for, and the window to stand on.
   * @returns The token.
   */
  acquireTokenInteractive(request: BrokerRequest & { readonly parentWindow?: unknown }): Promise<AuthenticationResult>
  /**
   * Signs a user out of the app.
   *
   * @param account The user.
   * @returns When it is done.
   */
  removeAccount(account: Account): Promise<void>
}
