/** Where answers are kept for a while: a `Map` of JSON-safe values without any token; their form may change at any time. */
export type HttpCache = Map<string, unknown>

/** An answer that may be given again; times in milliseconds since the epoch. */
export interface StoredResponse {
  readonly status: number
  readonly text: string
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
  const item = cache.get(key) as StoredResponse | undefined
  if (item && item.from <= now && now < item.until && typeof item.text === 'string') return item
  cache.delete(key)
  return undefined
}

/**
 * Keeps an answer, unless it is longer than 65,536 characters; beyond 1,024 answers the oldest goes.
 *
 * @param cache The cache.
 * @param key What was asked.
 * @param response The answer.
 * @param from Milliseconds since the epoch.
 * @param lifetime Seconds that it holds.
 */
export function keepResponse(
  cache: HttpCache,
  key: string,
  { status, text }: Pick<StoredResponse, 'status' | 'text'>,
  from: number,
  lifetime: number,
): void {
  for (const [key, item] of cache as Map<string, StoredResponse>) {
    if (cache.size < 1024 && from < item?.until) break
    cache.delete(key)
  }
  if (lifetime > 0 && text.length < 65_537)
    cache.set(key, { status, text, from, until: from + lifetime * 1000 } satisfies StoredResponse)
}
