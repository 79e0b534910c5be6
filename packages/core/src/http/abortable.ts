import { AuthError } from '../AuthError.js'

/**
 * Waits for a promise until a signal is aborted; what the promise stands for goes on.
 *
 * @param promise What to wait for.
 * @param signal Ends the waiting.
 * @returns What the promise resolves to.
 * @throws {AuthError} the signal's reason where that is one, else `user_cancelled`.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(cancelled(signal))
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/**
 * Makes the error of a call that was given up.
 *
 * @param signal The aborted signal.
 * @returns The signal's reason where that is an `AuthError`, else one with code `user_cancelled`.
 */
export function cancelled({ reason }: AbortSignal): AuthError {
  return reason instanceof AuthError ? reason : new AuthError('user_cancelled', 'Cannot go on', { cause: reason })
}
