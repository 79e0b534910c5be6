import type { AuthError } from './AuthError.js'

/**
 * Tells whether a caught value is an {@link AuthError}, of this copy of the library or another.
 *
 * @param error Any caught value.
 * @returns `true` for an `AuthError`.
 */
export function isAuthError(error: unknown): error is AuthError {
  return error instanceof Error && error.name === 'AuthError' && typeof (error as AuthError).code === 'string'
}
