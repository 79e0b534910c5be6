import { isText } from '../arguments/expect.js'
import { AuthError, type AuthErrorCode } from '../AuthError.js'
import type { HttpResponse } from '../http/send.js'
import { retryAfter } from '../http/retryAfter.js'
import { parseObject } from '../json/parseObject.js'

/** `error` values (RFC 6749 §5.2, RFC 8628 §3.5, OIDC Core §3.1.2.6, Entra's own) that are codes here under the same name. */
const sameName =
  /^((interaction|consent)_required|invalid_(grant|client|request|scope|resource)|unauthorized_client|unsupported_grant_type|access_denied|authorization_pending|slow_down)$/

/**
 * Turns a refusal into an error; the only place that reads Entra's error fields.
 *
 * @param response The response.
 * @param context The clock (ms) and the secrets that were sent, none of which may come back in a message.
 * @returns An error with a code for the status or the `error` value, and all that the server said.
 */
export function serverError(
  { status, headers, text }: HttpResponse,
  context: { readonly now: number; readonly correlationId: string; readonly secrets: readonly string[] },
): AuthError {
  const body = parseObject(text) ?? {}
  // A server, or a proxy in front of it, may echo what it was sent.
  const said = (name: string): string | undefined => {
    const value = body[name]
    return isText(value)
      ? context.secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]).reduce((rest, secret) => rest.replaceAll(secret, '***'), value.slice(0, 4096))
      : undefined
  }
  const error = said('error')
  const suberror = said('suberror')
  const errorDescription = said('error_description')
  const numbers = body['error_codes'] ?? errorDescription?.match(/(?<=AADSTS)\d+/g) ?? []
  const errorCodes = (Array.isArray(numbers) ? numbers : []).slice(0, 16).map(Number)
  return new AuthError(
    errorCode(status, error, suberror, errorCodes),
    `Cannot acquire a token: ${error ?? `status ${status}`}: ${errorDescription ?? 'no token'}`,
    {
      error,
      errorDescription,
      errorCodes,
      suberror,
      claims: said('claims'),
      correlationId: said('correlation_id') ?? context.correlationId,
      traceId: said('trace_id'),
      timestamp: said('timestamp'),
      status,
      retryAfter: retryAfter(headers, context.now),
    },
  )
}

function errorCode(status: number, error = '', suberror: string | undefined, numbers: readonly number[]): AuthErrorCode {
  return status === 429
    ? 'throttled'
    : suberror === 'consent_required' || numbers.includes(65001)
      ? 'consent_required'
      : numbers.includes(90002) || error === 'invalid_tenant'
        ? 'invalid_authority'
        : sameName.test(error)
          ? (error as AuthErrorCode)
          : error === 'login_required'
            ? 'interaction_required'
            : /^code_expired$|^expired_token$/.test(error)
              ? 'expired'
              : status < 400
                ? 'invalid_response'
                : 'server_error'
}
