/**
 * Waits for a promise unless a signal aborts first.
 *
 * @param promise What is waited for; it goes on after an abort.
 * @param signal May be undefined.
 * @returns What the promise resolves to; rejects with the signal's reason.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
