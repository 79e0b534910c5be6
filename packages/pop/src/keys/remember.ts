/**
 * Puts an entry at the end of a map, and lets go of the first ones where there are too many.
 *
 * @param map The map.
 * @param key The entry's key.
 * @param value Its value.
 * @param limit How many entries are kept.
 */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  map.delete(key)
  map.set(key, value)
  for (const old of map.keys()) if (map.size > limit) map.delete(old)
}
