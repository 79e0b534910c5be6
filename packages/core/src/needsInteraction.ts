import type { AuthErrorCode } from './AuthError.js'
import { isAuthError } from './isAuthError.js'

const codes: readonly AuthErrorCode[] = ['no_token', 'interaction_required', 'consent_required', 'invalid_grant']

/**
 * Tells whether only a person can solve it: call `acquireTokenInteractive` (or another user flow) next.
 *
 * @param error Any caught value.
 * @returns `true` where the cache had nothing to try, and where the server refused what there was.
 */
export function needsInteraction(error: unknown): boolean {
  return isAuthError(error) && codes.includes(error.code)
}
