/**
 * Makes a timer that waits for one thing at a time.
 *
 * @returns `start`, which forgets what it waited for before, and `stop`.
 */
export function oneTimer(): { start(ms: number, elapsed: () => void): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => clearTimeout(timer)
  return {
    stop,
    start(ms, elapsed) {
      stop()
      timer = ms === Infinity ? undefined : setTimeout(elapsed, ms)
    },
  }
}
