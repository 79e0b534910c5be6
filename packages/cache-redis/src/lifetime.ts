import type { CacheDocument } from '@latchkey/core'
import { isObject } from '@latchkey/core/internal'

/** Kept at least so long, in seconds: clocks differ. */
const LEAST = 600

/**
 * Says for how long a document is of use: until its last token is over. A refresh token counts from when it was got; a document
 * without any token counts like one that was got now.
 *
 * @param document The document.
 * @param refreshTokenLifetime For how long a refresh token is good that does not say it itself, in seconds.
 * @param now Seconds since the epoch.
 * @returns Seconds, at least ten minutes; `Infinity` for ever.
 */
export function lifetime(
  { AccessToken, RefreshToken }: CacheDocument,
  refreshTokenLifetime: number,
  now: number,
): number {
  const ends = [
    ...entities(AccessToken).map((entity) => seconds(entity, 'expires_on') ?? 0),
    ...entities(RefreshToken).map(
      (entity) =>
        seconds(entity, 'expires_on') ?? (seconds(entity, 'last_modification_time') ?? now) + refreshTokenLifetime,
    ),
  ]
  const last = ends.length > 0 ? ends.reduce((a, b) => Math.max(a, b)) : now + refreshTokenLifetime
  return Math.max(LEAST, last - now)
}

const entities = (section: unknown): Record<string, unknown>[] => Object.values(section ?? {}).filter(isObject)

function seconds(entity: Record<string, unknown>, name: string): number | undefined {
  const value = entity[name]
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined
}
