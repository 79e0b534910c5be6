import { isObject } from '../json/parseObject.js'

/** Where answers are kept for a while: a `Map` of JSON-safe values without any token; their form may change at any time. */
export type HttpCache = Map<string, unknown>

/** An answer that may be given again. */
export interface StoredResponse {
  readonly status: number
  readonly text: string
  readonly retryAfter?: string | undefined
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
  const item = cache.get(key)
  if (isObject(item) && typeof item['text'] === 'string' && Number(item['from']) <= now && now < Number(item['until'])) {
    return item as unknown as StoredResponse
  }
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
  for (const [key, item] of cache) {
    if (cache.size < 1024 && isObject(item) && now < Number(item['until'])) break
    cache.delete(key)
  }
  if (lifetime > 0) cache.set(key, { ...response, from: now, until: now + lifetime * 1000 })
}
