import { isText } from '../arguments/expect.js'
import type { HttpResponse } from '../http/send.js'
import { parseObject } from '../json/parseObject.js'
import { readFields, type Fields } from '../json/readFields.js'

/**
 * Reads the token endpoint's answer with Entra's departures from RFC 6749 §5.1: numbers written as text, `expires_on` in place of
 * `expires_in`, a missing `token_type`, an empty `refresh_token`, `scope` as a list.
 *
 * @param answer The answer.
 * @param orElse A field that is enough without an access token.
 * @returns The response; `undefined` where it is not one.
 */
export function tokenResponse({ status, headers, text }: HttpResponse, orElse = ''): Fields | undefined {
  const isJson = /^application\/.*json/i.test(headers.get('content-type') ?? '')
  const object = (status === 200 && isJson && parseObject(text)) || {}
  const { scope } = object
  if (Array.isArray(scope) && scope.every(isText)) object['scope'] = scope.join(' ')
  const fields = readFields(object)
  return fields.text('access_token') || fields.text(orElse) ? fields : undefined
}
