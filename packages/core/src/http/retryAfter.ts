/**
 * Reads `Retry-After` in both of its forms (RFC 9110 §10.2.3).
 *
 * @param headers The response's headers.
 * @param now Milliseconds since the epoch.
 * @returns Seconds to wait, never negative; `undefined` where the header is absent or unreadable.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after') ?? ''
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}
