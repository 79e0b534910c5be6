import type { Account } from '../Account.js'
import type { Interaction } from './interaction.js'
import type { TokenScheme } from './tokenScheme.js'

/** What every request to a broker says. */
export interface BrokerRequest {
  /** The scopes, undecorated. */
  readonly scopes?: readonly string[] | undefined
  /** A claims challenge. */
  readonly claims?: string | undefined
  /** How the token is to be bound; with a `request` in it, the broker signs that request. */
  readonly scheme?: BrokerScheme | undefined
  /** The id that ties this call to the server's logs. */
  readonly correlationId?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/** A scheme whose proof the broker may make itself. */
export type BrokerScheme = TokenScheme & {
  /** The one request that the token is for. */
  readonly request?: { readonly method: string; readonly url: string; readonly nonce?: string | undefined } | undefined
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
