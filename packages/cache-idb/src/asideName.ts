/**
 * Names what is put aside, so that the oldest comes first.
 *
 * @param now Milliseconds since the epoch.
 * @param what What it was.
 * @returns The name.
 */
export function asideName(now: number, what: string): string {
  return `damaged:${String(Math.floor(now)).padStart(16, '0')}:${what}`
}
