import { AuthError, type AuthErrorCode } from '../AuthError.js'
import type { HttpResponse } from '../http/send.js'
import { retryAfter } from '../http/retryAfter.js'
import { parseObject } from '../json/parseObject.js'
import { readFields } from '../json/readFields.js'

/**
 * Turns a refusal into an error; the only place that reads Entra's error fields.
 *
 * @param response The response; where its status is no refusal, nothing in it is read.
 * @param context The clock (ms) and the call's id.
 * @returns An error with a code for the status or the `error` value, and all that the server said.
 */
export function serverError(
  { status, headers, text }: HttpResponse,
  context: { readonly now: number; readonly correlationId: string },
): AuthError {
  const body = (status > 399 && parseObject(text)) || {}
  const fields = readFields(body)
  const said = (name: string): string | undefined => fields.text(name)?.slice(0, 4096)
  const error = said('error')
  const suberror = said('suberror')
  const errorDescription = said('error_description')
  const numbers = body['error_codes'] ?? errorDescription?.match(/(?<=AADSTS)\d+/g) ?? []
  const errorCodes = (Array.isArray(numbers) ? numbers : []).slice(0, 16).map(Number)
  // Values of RFC 6749 §5.2, OpenID Connect Core §3.1.2.6 and Entra's own that are codes here under the same name.
  const [named] =
    /\b((interaction|consent)_required|invalid_(grant|client|request|scope|resource)|unauthorized_client|unsupported_grant_type|access_denied)\b/.exec(
      `${suberror} ${error}`,
    ) ?? []
  const code =
    status === 429
      ? 'throttled'
      : errorCodes.includes(90002)
        ? 'invalid_authority'
        : ((named as AuthErrorCode | undefined) ?? (status < 400 ? 'invalid_response' : 'server_error'))
  return new AuthError(
    code,
    `Cannot acquire a token: ${error ?? `status ${status}`}: ${errorDescription ?? 'no usable token'}`,
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
