/**
 * Writes a short duration.
 *
 * @param ms Milliseconds.
 * @returns Such as `0.2 ms`, `34 ms`, `1.5 s`.
 */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(0)} ms`
}

/**
 * Writes a time to wait.
 *
 * @param ms Milliseconds.
 * @returns Such as `59:58`, `3:00:00`; always without a sign.
 */
export function countdown(ms: number): string {
  const seconds = Math.ceil(Math.abs(ms) / 1000)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const short = `${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  return seconds < 3600 ? short : `${Math.floor(seconds / 3600)}:${short}`
}
