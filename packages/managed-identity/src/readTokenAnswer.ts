import { AuthError } from '@latchkey/core'
import { parseObject, readFields, retryAfter, type Fields, type HttpResponse } from '@latchkey/core/internal'
import type { ManagedIdentity } from './ManagedIdentity.js'
import type { Source } from './sources/Source.js'
import { textOf } from './sources/textOf.js'

/** What an answer is read for. */
export interface AnswerContext {
  readonly source: Source
  readonly identity: ManagedIdentity
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly correlationId: string
}

/** How answers name the identity that they are for. */
const echoes: Readonly<Record<string, readonly string[]>> = {
  SystemAssigned: [],
  ClientId: ['client_id'],
  ObjectId: ['object_id'],
  ResourceId: ['msi_res_id', 'mi_res_id'],
}

/**
 * Reads an endpoint's answer, whichever source it is from.
 *
 * @param answer The answer.
 * @param context What it is read for.
 * @returns The fields of a token endpoint's answer: `access_token`, `token_type`, `expires_in`, `refresh_in`.
 * @throws {AuthError} `managed_identity_error` as the endpoint refuses, or for another identity's token;
 * `managed_identity_unavailable` where there is no such identity; `throttled`; `server_error`; `invalid_response`.
 */
export function readTokenAnswer(answer: HttpResponse, { source, identity, now, correlationId }: AnswerContext): Fields {
  const { status, text, headers } = answer
  const json = parseObject(text)
  const fields = readFields(json)
  const token = fields.text('access_token')
  const isFine = status > 199 && status < 300
  // What holds a token is in no message, however little can be made of it.
  const said = isFine && (!json || 'access_token' in json) ? {} : source.refusal({ text: text.slice(0, 4096), json })
  if (!isFine || !token || token.length > 65_536) {
    const { error, errorDescription } = said
    const isAbsent = status === 400 && /identity not found/i.test(errorDescription ?? '')
    const code = isAbsent
      ? 'managed_identity_unavailable'
      : status === 429
        ? 'throttled'
        : status > 499
          ? 'server_error'
          : isFine && !textOf(json, 'error') && !json?.['error'] && !json?.['statusCode']
            ? 'invalid_response'
            : 'managed_identity_error'
    const message = `Cannot acquire a token from ${source.name}: ${error ?? `status ${status}`}: ${errorDescription ?? 'no token'}`
    throw new AuthError(code, message, {
      ...{ error, errorDescription, correlationId, status },
      retryAfter: retryAfter(headers, now),
    })
  }
  checkEcho(json, source, identity)
  const seconds = Math.floor(now / 1000)
  const expiresIn = fields.seconds('expires_in') || (secondsOf(json?.['expires_on']) ?? NaN) - seconds
  if (!Number.isFinite(expiresIn))
    throw new AuthError(
      'invalid_response',
      `Cannot use the token of ${source.name}: it does not say how long it is good for`,
    )
  const half = expiresIn >= 7200 ? Math.floor(expiresIn / 2) : undefined
  return readFields({
    access_token: token,
    token_type: fields.text('token_type') ?? 'Bearer',
    expires_in: expiresIn,
    refresh_in: fields.seconds('refresh_in') || half,
  })
}

/** Seconds since the epoch; older endpoints write a date. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const number = Number(value) || Date.parse(`${value}`) / 1000
  return Number.isFinite(number) ? Math.floor(number) : undefined
}

/** A token of another identity is worse than none: it may be allowed more, or be somebody else's to answer for. */
function checkEcho(
  json: unknown,
  { name, mustEcho }: Source,
  { ManagedIdentityIdType: kind, Id: id }: ManagedIdentity,
): void {
  const names = echoes[kind] ?? []
  const echo = names.map((field) => textOf(json, field)).find(Boolean)
  if (names.length === 0 || (!echo && !mustEcho) || echo?.toLowerCase() === id?.toLowerCase()) return
  throw new AuthError(
    'managed_identity_error',
    `Cannot use the token of ${name}: it is ${echo ? "another identity's" : 'not said to be of the identity that was asked for'}`,
  )
}
