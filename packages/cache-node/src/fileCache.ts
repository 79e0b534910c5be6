import type { CacheStore } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import { dirname, join } from 'node:path'
import { checkOptions, checkPath, type CacheOptions } from './CacheOptions.js'
import { dataFolder } from './dataFolder.js'
import type { CacheProtection } from './key/CacheProtection.js'
import { keysOf, tryKey } from './key/keysOf.js'
import { protectionName } from './key/protectionName.js'
import { thisMachine, type Machine } from './machine.js'
import { checkFile } from './store/checkFile.js'
import { withCheck } from './store/describeStore.js'
import { fileSlot } from './store/fileSlot.js'
import { plainCodec } from './store/plainCodec.js'
import { sealedCodec } from './store/sealedCodec.js'
import { togetherStore } from './store/togetherStore.js'

/** What {@link fileCache} takes. */
export interface FileCacheOptions extends CacheOptions {
  /**
   * The file. Default `latchkey/tokens.cache` in the user's data folder: `$XDG_DATA_HOME` or `~/.local/share`,
   * `~/Library/Application Support`, `%LOCALAPPDATA%`.
   */
  readonly path?: string | undefined
  /** How it is protected; there is no default, because it is for you to decide. */
  readonly protection: CacheProtection
}

/**
 * Keeps the tokens of a program, and of others that use the same file, in one file: for command-line and desktop programs.
 *
 * Nothing is read or made before the first use. The file is replaced in one step, under a lock that outlives no process.
 *
 * @param options Where, and how it is protected.
 * @returns A store for a client's `cache` option.
 * @throws {TypeError} where an option is wrong. Its operations reject with an `AuthError`: `cache_corrupt`, `cache_locked`,
 * `missing_dependency`.
 */
export function fileCache(options: FileCacheOptions): CacheStore {
  return fileCacheOn(thisMachine(), options)
}

/**
 * The same, on a given machine.
 *
 * @param given The machine.
 * @param options Where, and how it is protected.
 * @returns The store.
 * @throws {TypeError} where an option is wrong.
 */
export function fileCacheOn(given: Machine, options: FileCacheOptions): CacheStore {
  const { machine, lock, trust, onCorrupt } = checkOptions(options, given)
  const { protection } = options
  expect(protection !== undefined, 'protection', "'os', 'none' or { key }")
  const path = options.path === undefined ? join(dataFolder(machine), 'tokens.cache') : checkPath(options.path, 'path')
  const keys = keysOf(protection, machine, async () => undefined)
  const codec = keys ? sealedCodec(path, keys) : plainCodec(path)
  const slot = fileSlot(path, { trust, shared: false })
  const store = togetherStore({ slot, codec, lockPath: `${path}.lockfile`, lock, onCorrupt, folder: dirname(path) })
  return withCheck(store, {
    protection: protectionName(protection, machine),
    path,
    machine,
    run: () => checkFile({ slot, codec, tryKey: tryKey(protection, keys, path, machine), path, machine, lock }),
  })
}
