import { AuthError, type AuthErrorCode, type AuthErrorDetails } from '@latchkey/core'

/**
 * Makes the error of a sign-in that a provider refused, or cannot be used for.
 *
 * @param host The provider's host.
 * @param reason What is wrong, without any secret.
 * @param code The error code.
 * @param details What the provider said.
 * @returns The error.
 */
export function cannotSignIn(
  host: string,
  reason: string,
  code: AuthErrorCode = 'invalid_response',
  details?: AuthErrorDetails,
): AuthError {
  return new AuthError(code, `Cannot sign in at ${host}: ${reason}`, details)
}
