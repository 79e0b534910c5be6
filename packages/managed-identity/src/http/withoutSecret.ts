import type { HttpResponse } from '@latchkey/core/internal'

/**
 * Takes a secret out of an answer: an endpoint, or a proxy in front of it, may repeat what it was sent.
 *
 * @param response The answer.
 * @param secret The secret.
 * @returns The answer; one that holds a token is left as it is.
 */
export function withoutSecret(response: HttpResponse, secret = ''): HttpResponse {
  const { status, text } = response
  if (!secret || (status < 300 && text.includes('access_token'))) return response
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
  return { ...response, text: forms.reduce((clean, form) => clean.replaceAll(form, '***'), text) }
}
