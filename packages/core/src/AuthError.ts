import { defined } from './json/defined.js'

/** What went wrong, as a stable string: the closed set of codes that an {@link AuthError} can carry. */
export type AuthErrorCode =
  | 'no_token'
  | 'interaction_required'
  | 'consent_required'
  | 'invalid_grant'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_resource'
  | 'unsupported_grant_type'
  | 'access_denied'
  | 'authorization_pending'
  | 'slow_down'
  | 'expired'
  | 'server_error'
  | 'throttled'
  | 'network_error'
  | 'timeout'
  | 'user_cancelled'
  | 'popup_blocked'
  | 'storage_unavailable'
  | 'invalid_authority'
  | 'invalid_response'
  | 'state_mismatch'
  | 'nonce_mismatch'
  | 'id_token_invalid'
  | 'broker_unavailable'
  | 'broker_error'
  | 'account_mismatch'
  | 'managed_identity_unavailable'
  | 'managed_identity_error'
  | 'cache_corrupt'
  | 'cache_locked'
  | 'missing_dependency'

/** What the server said, where it said something; times are as the server wrote them. */
export interface AuthErrorDetails {
  /** The OAuth `error` value (RFC 6749 §5.2). */
  error?: string | undefined
  /** The server's own sentence, with the AADSTS number in front. */
  errorDescription?: string | undefined
  /** The AADSTS numbers, most specific first. */
  errorCodes?: readonly number[] | undefined
  /** Entra's finer reason, such as `bad_token` or `basic_action`. */
  suberror?: string | undefined
  /** The suberror as applications may act on it: internal reasons become an empty string. */
  classification?: string | undefined
  /** The claims challenge to pass on to the next interactive request. */
  claims?: string | undefined
  /** The id that ties this call to the server's logs. */
  correlationId?: string | undefined
  /** The server's id of its own trace. */
  traceId?: string | undefined
  /** When the server says it happened. */
  timestamp?: string | undefined
  /** The HTTP status. */
  status?: number | undefined
  /** Seconds to wait before the next try, from `Retry-After`. */
  retryAfter?: number | undefined
  /** What caused it: a network failure, an abort reason. */
  cause?: unknown
}

/**
 * The one error class of every operation that can fail for reasons outside the program; wrong arguments are `TypeError`s.
 *
 * Compare {@link AuthError.code}, not the message: codes are stable, messages are for people.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  /** What went wrong, as a stable string. */
  readonly code: AuthErrorCode
  /** The OAuth `error` value (RFC 6749 §5.2). */
  declare readonly error: string | undefined
  /** The server's own sentence. */
  declare readonly errorDescription: string | undefined
  /** The AADSTS numbers, most specific first. */
  declare readonly errorCodes: readonly number[] | undefined
  /** Entra's finer reason. */
  declare readonly suberror: string | undefined
  /** The suberror as applications may act on it. */
  declare readonly classification: string | undefined
  /** The claims challenge to pass on to the next interactive request. */
  declare readonly claims: string | undefined
  /** The id that ties this call to the server's logs. */
  declare readonly correlationId: string | undefined
  /** The server's id of its own trace. */
  declare readonly traceId: string | undefined
  /** When the server says it happened. */
  declare readonly timestamp: string | undefined
  /** The HTTP status. */
  declare readonly status: number | undefined
  /** Seconds to wait before the next try. */
  declare readonly retryAfter: number | undefined

  /**
   * Makes an error; packages that implement a port use it, applications rarely do.
   *
   * @param code One of the closed set of codes.
   * @param message What could not be done and why, without any secret.
   * @param details What the server said.
   */
  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    const { cause: _, ...said } = details
    super(message, details)
    this.code = code
    Object.assign(this, defined(said))
  }
}
