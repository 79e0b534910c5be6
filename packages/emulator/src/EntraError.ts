import { aadsts } from './aadsts.js'

/** The error body that Entra's endpoints answer with. */
export interface EntraErrorBody {
  readonly error: string
  readonly error_description: string
  readonly error_codes: readonly number[]
  readonly timestamp: string
  readonly trace_id: string
  readonly correlation_id: string
  readonly error_uri: string
  readonly suberror?: string
  readonly error_additional_info?: readonly string[]
  readonly claims?: string
}

/** What one refusal says apart from its number, or otherwise than the table. */
export interface EntraErrorDetails {
  /** The OAuth error code, where the endpoint has its own. */
  readonly error?: string | undefined
  /** The HTTP status, where the endpoint has its own. */
  readonly status?: number | undefined
  /** What kind of interaction helps, such as `basic_action`. */
  readonly suberror?: string | undefined
  /** The claims to ask for, as JSON. */
  readonly claims?: string | undefined
}

/** A refusal with its AADSTS number; the router turns it into Entra's JSON. */
export class EntraError extends Error {
  override readonly name = 'EntraError'
  /** The AADSTS number. */
  readonly number: number
  /** The HTTP status. */
  readonly status: number
  /** The OAuth error code. */
  readonly error: string
  /** What kind of interaction helps. */
  readonly suberror: string | undefined
  /** The claims to ask for, as JSON. */
  readonly claims: string | undefined

  /**
   * @param number An AADSTS number of the table.
   * @param facts What replaces the `{name}` places of its text; never a secret.
   * @param details What this refusal says besides, or otherwise.
   */
  constructor(number: number, facts: Readonly<Record<string, string>> = {}, details: EntraErrorDetails = {}) {
    const entry = aadsts[number]
    if (!entry) throw new RangeError(`Cannot make an Entra error: AADSTS${number} is not in the table`)
    super(entry.text.replace(/\{(\w+)\}/g, (_, name: string) => (facts[name] ?? '').slice(0, 200)))
    this.number = number
    this.status = details.status ?? entry.status
    this.error = details.error ?? entry.error
    this.suberror = details.suberror ?? entry.suberror
    this.claims = details.claims
  }
}

/**
 * Writes the error body of a refusal.
 *
 * @param error The refusal.
 * @param exchange Where the ids and the time come from.
 * @returns The JSON that Entra would answer.
 */
export function entraErrorBody(
  error: EntraError,
  exchange: { readonly url: URL; readonly traceId: string; readonly correlationId: string; readonly now: number },
): EntraErrorBody {
  const timestamp = `${new Date(exchange.now).toISOString().slice(0, 19).replace('T', ' ')}Z`
  return {
    error: error.error,
    error_description: [
      `AADSTS${error.number}: ${error.message} Trace ID: ${exchange.traceId}`,
      `Correlation ID: ${exchange.correlationId}`,
      `Timestamp: ${timestamp}`,
    ].join(' '),
    error_codes: [error.number],
    timestamp,
    trace_id: exchange.traceId,
    correlation_id: exchange.correlationId,
    error_uri: `${exchange.url.origin}/error?code=${error.number}`,
    ...(error.suberror === undefined ? {} : { suberror: error.suberror }),
    // where MSAL Python looks for it
    ...(error.suberror === 'client_mismatch' ? { error_additional_info: [error.suberror] } : {}),
    ...(error.claims === undefined ? {} : { claims: error.claims }),
  }
}
