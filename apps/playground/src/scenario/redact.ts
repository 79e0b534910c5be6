import { cutToken } from './cutToken.js'

const secretFields = /secret|password|(^|_)(assertion|code|token)$|code_verifier/
const secretHeaders = /^(authorization|cookie|dpop|set-cookie|secret|x-identity-header)$/i
const redacted = '‹redacted›'

/**
 * Redacts a form.
 *
 * @param form The form.
 * @returns Its fields, without the value of any secret.
 */
export function redactForm(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries(Array.from(form, ([name, value]) => [name, secretFields.test(name) ? redacted : value]))
}

/**
 * Redacts headers.
 *
 * @param headers The headers.
 * @returns The same, without the value of any secret.
 */
export function redactHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries(Array.from(headers, ([name, value]) => [name, secretHeaders.test(name) ? redacted : value]))
}

/**
 * Cuts the tokens in a response, whole or broken off, JSON or not.
 *
 * @param text The response.
 * @returns The text, indented where it is JSON.
 */
export function redactResponse(text: string): string {
  const safe = text.replace(
    /("(?:access|id|refresh)_token"\s*:\s*")([^"]*)/g,
    (_, name: string, token: string) => name + cutToken(token),
  )
  try {
    return JSON.stringify(JSON.parse(safe), undefined, 2)
  } catch {
    return safe // not JSON, or nested too deeply to be written again
  }
}
