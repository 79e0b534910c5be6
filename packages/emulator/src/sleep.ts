/**
 * Waits, or rejects with the signal's reason when it aborts first.
 *
 * @param delay In ms.
 * @param signal May be undefined.
 */
export function sleep(delay: number, signal: AbortSignal | undefined): Promise<void> {
  // An abort that came before is not announced again: the timer would outlive the request.
  if (signal?.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, delay)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
