/**
 * Puts an entry into a map of bounded size: the oldest entries make room.
 *
 * @param map The map.
 * @param key The key.
 * @param value The value.
 * @param limit How many entries the map keeps.
 */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, limit = 10_000): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= limit) return
    map.delete(oldest)
  }
}
