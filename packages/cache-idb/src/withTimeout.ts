/**
 * Waits for so long and no longer.
 *
 * @param milliseconds How long.
 * @param work What to wait for; it is not stopped.
 * @returns What came of it.
 * @throws {DOMException} `TimeoutError` when it took longer.
 */
export async function withTimeout<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('No answer', 'TimeoutError')), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
