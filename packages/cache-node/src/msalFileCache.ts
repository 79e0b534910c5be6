import type { CacheStore } from '@latchkey/core'
import { dirname } from 'node:path'
import { checkOptions, checkPath, type CacheOptions } from './CacheOptions.js'
import type { ProtectionName } from './key/protectionName.js'
import { findFlock } from './lock/flock.js'
import { thisMachine, type Machine } from './machine.js'
import { checkFile } from './store/checkFile.js'
import type { Codec } from './store/Codec.js'
import { withCheck } from './store/describeStore.js'
import { fileSlot } from './store/fileSlot.js'
import { plainCodec } from './store/plainCodec.js'
import { togetherStore } from './store/togetherStore.js'

/** What the caches in a file take that are shared with other MSALs. */
export interface MsalFileCacheOptions extends CacheOptions {
  /** The file, as the other programs name it. */
  readonly path: string
  /** The lock file. Default `path` with `.lockfile` after it, as in every MSAL. */
  readonly lockPath?: string | undefined
}

/**
 * Shares a plain file with MSAL Python, MSAL .NET and MSAL Node, as their extensions' file persistence writes it: MSAL's JSON AS
 * PLAIN TEXT, readable by this user only, with their lock file beside it.
 *
 * With koffi installed the lock is also one of the operating system's, which other MSALs respect for as long as it is held; without
 * it they do so for 5 s.
 *
 * @param options Where.
 * @returns A store for a client's `cache` option.
 * @throws {TypeError} where an option is wrong. Its operations reject with an `AuthError`: `cache_corrupt`, `cache_locked`.
 */
export function msalFileCache(options: MsalFileCacheOptions): CacheStore {
  return msalFileCacheOn(thisMachine(), options, 'none', (path) => plainCodec(path))
}

/**
 * Makes a cache in a file that other MSALs share, with or without encryption.
 *
 * @param given The machine.
 * @param options Where.
 * @param protection What protects it.
 * @param codecOf Makes the codec.
 * @returns The store.
 * @throws {TypeError} where an option is wrong.
 */
export function msalFileCacheOn(
  given: Machine,
  options: MsalFileCacheOptions,
  protection: ProtectionName,
  codecOf: (path: string, machine: Machine) => Codec,
): CacheStore {
  const { machine, lock: ownLock, trust, onCorrupt } = checkOptions(options, given)
  const path = checkPath(options.path, 'path')
  const lockPath = options.lockPath === undefined ? `${path}.lockfile` : checkPath(options.lockPath, 'lockPath')
  const lock = { ...ownLock, flock: () => findFlock(machine) }
  const slot = fileSlot(path, { trust, shared: true })
  const codec = codecOf(path, machine)
  const store = togetherStore({ slot, codec, lockPath, lock, onCorrupt, folder: dirname(path) })
  return withCheck(store, { protection, path, machine, run: () => checkFile({ slot, codec, path, machine, lock }) })
}
