import type { Directory } from './directory.js'
import type { Signing } from './signing.js'

/** What every endpoint needs of the emulator that it belongs to. */
export interface Service {
  readonly directory: Directory
  readonly signing: Signing
  /** Lifetime of access tokens, in seconds. */
  readonly tokenLifetime: number
  /** `refresh_in` of token answers, in seconds; none is sent when undefined. */
  readonly refreshIn?: number | undefined
}

/** One request under way, read once. */
export interface Exchange {
  readonly request: Request
  readonly url: URL
  /** The form of the body; empty when the body is not a form. */
  readonly form: URLSearchParams
  /** The body as text. */
  readonly body: string
  /** The caller's `client-request-id`, or a new one. */
  readonly correlationId: string
  readonly traceId: string
  /** The emulator's clock in ms since the epoch, with the skew of a clock-skew fault. */
  readonly now: number
}
