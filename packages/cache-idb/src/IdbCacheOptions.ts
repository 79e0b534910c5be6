import type { AuthError } from '@latchkey/core'
import { expect, isText } from '@latchkey/core/internal'

/** How {@link idbCache} keeps tokens. */
export interface IdbCacheOptions {
  /** The database's name; two apps on one origin that should not share their users need two. Default `latchkey-tokens`. */
  readonly name?: string | undefined
  /**
   * `persistent`: until the user signs out or clears the site's data. `session`: until the browser's last tab of this site is closed;
   * what is then still on the disk is deleted at the next start. Default `persistent`.
   */
  readonly persistence?: 'persistent' | 'session' | undefined
  /** How long the database may take to answer, in milliseconds; some browsers forget to. Default 5000. */
  readonly timeout?: number | undefined
  /**
   * Is told when tokens are kept in memory only, with an error that is thrown nowhere: `cache_locked`, whose `suberror` is
   * `storage_blocked`, `storage_full`, `storage_failed`, `encryption_unavailable`, `session_unavailable` or `lock_timeout`.
   */
  readonly onDegraded?: ((error: AuthError) => void) | undefined
  /**
   * Is told of a damaged record (`cache_corrupt`) and its partition; the record was put aside, and the partition begins anew. Without a
   * partition it was the key.
   */
  readonly onCorrupt?: ((error: AuthError, partition?: string) => void) | undefined
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** The same, complete. */
export type CheckedOptions = Pick<IdbCacheOptions, 'onDegraded' | 'onCorrupt'> & {
  readonly [Name in 'name' | 'persistence' | 'timeout' | 'now']: NonNullable<IdbCacheOptions[Name]>
}

/**
 * Checks the options.
 *
 * @param options As given.
 * @returns The options, complete.
 * @throws {TypeError} where one is wrong.
 */
export function checkOptions(options: IdbCacheOptions): CheckedOptions {
  expect(typeof options === 'object' && options !== null, 'the options', 'an object')
  const { name = 'latchkey-tokens', persistence = 'persistent', timeout = 5000, onDegraded, onCorrupt } = options
  const { now = Date.now } = options
  expect(isText(name), 'name', 'a text')
  expect(persistence === 'persistent' || persistence === 'session', 'persistence', "'persistent' or 'session'")
  expect(typeof timeout === 'number' && timeout > 0 && timeout < 2 ** 31, 'timeout', 'milliseconds')
  for (const [name, listener] of Object.entries({ onDegraded, onCorrupt }))
    expect(listener === undefined || typeof listener === 'function', name, 'a function')
  expect(typeof now === 'function', 'now', 'a function')
  return { name, persistence, timeout, onDegraded, onCorrupt, now }
}
