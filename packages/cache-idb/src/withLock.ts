/**
 * Does work while no other tab does work of the same name. The lock spares others from doing theirs twice; what is written is compared
 * all the same, so where there is no lock, or a tab that is asleep holds it, the work is done without.
 *
 * @param locks The browser's.
 * @param name What is locked.
 * @param timeout How long to wait for it, in milliseconds.
 * @param work The work.
 * @returns What the work returns.
 */
export async function withLock<T>(
  locks: LockManager | undefined,
  name: string,
  timeout: number,
  work: () => Promise<T>,
): Promise<T> {
  if (!locks) return work()
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), timeout)
  let result: Promise<T> | undefined
  try {
    await locks.request(name, { signal: waiting.signal }, async () => {
      clearTimeout(timer)
      result = work()
      await result
    })
  } catch {
    // The work's own failure is in its result.
  } finally {
    clearTimeout(timer)
  }
  return result ?? work()
}
