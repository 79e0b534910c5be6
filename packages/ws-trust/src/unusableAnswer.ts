import type { AuthError } from '@latchkey/core'
import { cannotSignIn } from './cannotSignIn.js'

/**
 * Makes the error of an answer that is not what was asked for.
 *
 * @param host The provider's host.
 * @param status The HTTP status.
 * @param reason What is wrong with the answer.
 * @returns The error: `server_error` where the status says that the server has a problem, else `invalid_response`.
 */
export function unusableAnswer(host: string, status: number, reason: string): AuthError {
  const code = status === 429 || status > 499 ? 'server_error' : 'invalid_response'
  return cannotSignIn(host, `${reason} (status ${status})`, code, { status })
}
