import type { Account } from '../Account.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { Interaction } from './interaction.js'
import type { TokenScheme } from './tokenScheme.js'

/** What every request to a broker says. */
export interface BrokerRequest {
  /** The scopes, undecorated. */
  readonly scopes?: readonly string[] | undefined
  /** A claims challenge. */
  readonly claims?: string | undefined
  /** How the token is to be bound; with a `request` in it, the broker signs that request. */
  readonly scheme?: TokenScheme | undefined
  /** The id that ties this call to the server's logs. */
  readonly correlationId?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/** What a broker is asked for without showing anything: an account's token, or one for a name and a password. */
export interface BrokerSilentRequest extends BrokerRequest {
  /** The user to ask for. */
  readonly account?: Account | undefined
  /** The sign-in name, where the program holds the password. */
  readonly username?: string | undefined
  /** The password. */
  readonly password?: string | undefined
  /** Whether a token that the broker keeps is to be passed by. */
  readonly forceRefresh?: boolean | undefined
}

/** What a broker is asked for with its own window. */
export interface BrokerInteractiveRequest extends BrokerRequest {
  /** The window to stand on: a native handle, or `consoleWindow` of the broker's package. */
  readonly parentWindow?: unknown
  /** The sign-in name, where it is known. */
  readonly loginHint?: string | undefined
  /** What to show: one of `Prompt`, or several. */
  readonly prompt?: string | readonly string[] | undefined
  /** How long ago the sign-in may have been, in seconds. */
  readonly maxAge?: number | undefined
  /** How the sign-in goes on where the broker is not there. */
  readonly interaction?: Interaction | undefined
}

/**
 * The operating system's own sign-in. Core asks it first; it says itself when it is not the one to ask, and what was got it keeps in the
 * client's cache.
 *
 * @typeParam Client What it is asked by: core's clients, which themselves name their broker.
 */
export interface Broker<Client = unknown> {
  /** Its name in events and errors. */
  readonly name: string
  /**
   * Tells whether it can be used here, and for this client.
   *
   * @param client The client.
   * @returns `true` where it can.
   */
  isAvailable(client: Client): boolean | Promise<boolean>
  /**
   * Gets a token without showing anything.
   *
   * @param client The client.
   * @param request What is asked for.
   * @returns The token; `undefined` where the sign-in is to go on without the broker.
   */
  acquireTokenSilent(client: Client, request: BrokerSilentRequest): Promise<AuthenticationResult | undefined>
  /**
   * Gets a token with the broker's own window.
   *
   * @param client The client.
   * @param request What is asked for, and the window to stand on.
   * @returns The token; `undefined` where the sign-in is to go on without the broker.
   */
  acquireTokenInteractive(client: Client, request: BrokerInteractiveRequest): Promise<AuthenticationResult | undefined>
  /**
   * Signs a user out of the app; a broker that fails says so to the client's logger only.
   *
   * @param client The client.
   * @param account The user.
   * @returns When it is done.
   */
  removeAccount(client: Client, account: Account): Promise<void>
}
