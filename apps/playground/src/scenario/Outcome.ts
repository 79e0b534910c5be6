import type { CacheDocument } from '@latchkey/core'
import type { ReadAssertion } from './readAssertion.js'

/** What one run came to, as JSON, and without a single usable token or secret in it. */
export interface Outcome {
  readonly result?: ShownResult | undefined
  readonly error?: ShownError | undefined
  /** How many calls were made at once, and how many of them failed. */
  readonly calls: number
  readonly failed: number
  /** From the first call to the last answer, in ms. */
  readonly durationMs: number
  /** Whether the requests were made after the answer was given: a refresh ahead of time. */
  readonly inBackground: boolean
  readonly exchanges: readonly RecordedExchange[]
}

/** An `AuthenticationResult`, for people. */
export interface ShownResult {
  readonly source: string
  readonly tokenType: string
  /** In ms since the epoch, by the client's clock. */
  readonly expiresOn: number
  readonly refreshOn?: number | undefined
  readonly scopes: readonly string[]
  readonly correlationId: string
  /** The access token with its signature cut. */
  readonly token: string
  /** The claims; absent where the token is not a JWT. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** The user's sign-in name; absent for an app's own token. */
  readonly username?: string | undefined
  /** The claims of the ID token, where there is one. */
  readonly idTokenClaims?: Readonly<Record<string, unknown>> | undefined
}

/** An error, for people. */
export interface ShownError {
  /** The `AuthErrorCode`, or the name of another error. */
  readonly code: string
  readonly message: string
  /** What `explain` says. */
  readonly explanation?: string | undefined
  /** What the server said, by the names of `AuthError`'s members. */
  readonly details: Readonly<Record<string, unknown>>
}

/** One request and its response, secrets redacted and tokens cut. */
export interface RecordedExchange {
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, string>>
  /** The form's client assertion, where it has one that is a JWT. */
  readonly assertion?: ReadAssertion | undefined
  /** In ms since the run began. */
  readonly startedAt: number
  /** To the end of the body, in ms. */
  durationMs?: number
  status?: number
  responseHeaders?: Readonly<Record<string, string>>
  responseText?: string
  /** Why there is no status, or no whole body. */
  failure?: string
}

/** A token cache, tokens cut. */
export interface ShownCache {
  readonly partitions: readonly { readonly name: string; readonly document: CacheDocument }[]
  /** What `serialize` gives; for a serializable cache only. */
  readonly json?: string | undefined
  /** How it is kept; for a cache that outlives a process only. */
  readonly persistence?: ShownPersistence | undefined
}

/** What `verifyPersistence` said. */
export interface ShownPersistence {
  readonly protection: string
  readonly path: string
  /** Why tokens cannot be kept there; none where they can. */
  readonly problem: string | undefined
  /** The operating system's vault. */
  readonly vault: string
  /** Why it cannot be used; none where it can. */
  readonly vaultProblem: string | undefined
}
