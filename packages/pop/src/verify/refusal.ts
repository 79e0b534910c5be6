import { AuthError } from '@latchkey/core'

/**
 * Makes the error of a request that an API must not answer.
 *
 * @param error What the challenge calls it.
 * @param reason What is wrong, without anything of the token or the proof.
 * @param cause What caused it.
 * @returns The error.
 */
export function refusal(
  error: 'invalid_request' | 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce',
  reason: string,
  cause?: unknown,
): AuthError {
  return new AuthError('access_denied', `Cannot accept the request: ${reason}`, {
    ...{ error, errorDescription: reason, status: 401 },
    ...(cause !== undefined && { cause }),
  })
}
