import { isText } from '../arguments/expect.js'

/** Where answers are kept for a while: a `Map` of JSON-safe values without any token; their form may change at any time. */
export type HttpCache = Map<string, unknown>

/** An answer that may be given again. */
export interface StoredResponse {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a cache holds, unless somebody else wrote it; times in milliseconds since the epoch. */
interface Item extends StoredResponse {
  readonly from: number
  readonly until: number
}

/**
 * Reads an answer that still holds.
 *
 * @param cache The cache; whatever it holds is checked.
 * @param key What was asked.
 * @param now Milliseconds since the epoch.
 * @returns The answer; nothing where there is none, it is over, or the clock was turned back past it.
 */
export function readResponse(cache: HttpCache, key: string, now: number): StoredResponse | undefined {
  const item = cache.get(key) as Item | undefined
  if (item && item.from <= now && now < item.until && isText(item.text)) return item
  cache.delete(key)
  return undefined
}

/**
 * Keeps an answer; beyond 1,024 the oldest goes.
 *
 * @param cache The cache.
 * @param key What was asked.
 * @param response The answer.
 * @param now Milliseconds since the epoch.
 * @param lifetime Seconds that it holds.
 */
export function keepResponse(cache: HttpCache, key: string, response: StoredResponse, now: number, lifetime: number): void {
  for (const [key, item] of cache as Map<string, Item | undefined>) {
    if (cache.size < 1024 && now < item?.until!) break
    cache.delete(key)
  }
  if (lifetime > 0) cache.set(key, { ...response, from: now, until: now + lifetime * 1000 } satisfies Item)
}
