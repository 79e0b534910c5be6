import { isText } from '../arguments/expect.js'
import type { HttpResponse } from '../http/send.js'
import { parseObject } from '../json/parseObject.js'

/** A token response (RFC 6749 §5.1), read field by field: what is of the wrong type is as good as absent. */
export interface TokenResponse {
  /**
   * Reads a text.
   *
   * @param name The field.
   * @returns The text, never blank; a list of texts as one, with spaces between.
   */
  readonly text: (name: string) => string | undefined
  /**
   * Reads a number of seconds.
   *
   * @param name The field.
   * @returns A whole number, also where the server wrote it as a text.
   */
  readonly seconds: (name: string) => number | undefined
}

/**
 * Reads the token endpoint's answer with Entra's departures from RFC 6749 §5.1: numbers written as text, `expires_on` in place of
 * `expires_in`, a missing `token_type`, an empty `refresh_token`, `scope` as a list.
 *
 * @param answer The answer.
 * @returns The response; `undefined` where it is not one.
 */
export function tokenResponse({ status, headers, text: body }: HttpResponse): TokenResponse | undefined {
  const isJson = /^application\/.*json/i.test(headers.get('content-type') ?? '')
  const fields = (status === 200 && isJson && parseObject(body)) || {}
  const text = (name: string): string | undefined => {
    const value = fields[name]
    const text = Array.isArray(value) && value.every(isText) ? value.join(' ') : value
    return isText(text) ? text : undefined
  }
  const seconds = (name: string): number | undefined => {
    const value = Math.floor(Number(fields[name] ?? NaN))
    return Number.isNaN(value) ? undefined : value
  }
  return text('access_token') ? { text, seconds } : undefined
}
