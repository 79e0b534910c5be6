/** The names of what is kept in Redis. */
export interface KeyNames {
  /** Where changes are told. */
  readonly channel: string
  /** A pattern that all partitions' keys match. */
  readonly pattern: string
  /**
   * Names a partition's key. Redis's keys are bytes, and text that is not well formed would be lost in UTF-8, so it is escaped as in JSON.
   *
   * @param partition The partition.
   * @returns The key.
   */
  readonly keyOf: (partition: string) => string
  /**
   * Names the key where a damaged value is put aside.
   *
   * @param partition The partition.
   * @param now Milliseconds since the epoch.
   * @returns The key.
   */
  readonly asideOf: (partition: string, now: number) => string
  /**
   * Gives the partition of a key.
   *
   * @param key A key that matches the pattern.
   * @returns The partition; `undefined` where the key is not ours.
   */
  readonly partitionOf: (key: string) => string | undefined
}

/**
 * Makes names.
 *
 * @param prefix What they all begin with.
 * @returns The names.
 */
export function keyNames(prefix: string): KeyNames {
  const start = `${prefix}p:`
  const escape = (partition: string): string => JSON.stringify(partition).slice(1, -1)
  const keyOf = (partition: string): string => start + escape(partition)
  return {
    channel: `${prefix}changed`,
    pattern: `${start.replace(/[*?[\]\\^-]/g, String.raw`\$&`)}*`,
    keyOf,
    asideOf: (partition, now) => `${prefix}damaged:${now}:${escape(partition)}`,
    partitionOf(key) {
      try {
        const partition: unknown = JSON.parse(`"${key.slice(start.length)}"`)
        return typeof partition === 'string' && keyOf(partition) === key ? partition : undefined
      } catch {
        return undefined
      }
    },
  }
}
