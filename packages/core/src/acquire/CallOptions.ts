import type { TokenScheme } from '../ports/tokenScheme.js'

/** What every operation over the network takes. */
export interface CallOptions {
  /** The id that ties this call to the server's logs. Default: a new UUID. */
  readonly correlationId?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/** What every operation takes whose token can be bound to a key. */
export interface BindingOptions {
  /** How the token is bound, such as `signedHttpRequest()` of `@latchkey/pop`. Default: not at all, a bearer token. */
  readonly scheme?: TokenScheme | undefined
}
