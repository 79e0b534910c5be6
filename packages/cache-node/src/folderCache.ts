import type { CacheStore } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import { checkOptions, checkPath, type CacheOptions } from './CacheOptions.js'
import type { CacheProtection } from './key/CacheProtection.js'
import { keysOf, tryKey } from './key/keysOf.js'
import { protectionName } from './key/protectionName.js'
import { thisMachine, type Machine } from './machine.js'
import { apartStore } from './store/apartStore.js'
import { checkFile } from './store/checkFile.js'
import { withCheck } from './store/describeStore.js'
import { partitionFolder } from './store/partitionFolder.js'

/** What {@link folderCache} takes. */
export interface FolderCacheOptions extends CacheOptions {
  /** The folder; it is made, for this user only, where it is not there. Nothing else should be in it. */
  readonly path: string
  /** How its files are protected; there is no default, because it is for you to decide. */
  readonly protection: CacheProtection
}

/**
 * Keeps every partition in a file of its own: for daemons and web servers with many tenants or users, where a write costs what its
 * partition costs, however many there are.
 *
 * A file's name is a hash; the partition's name is inside, encrypted as the rest.
 *
 * @param options Where, and how it is protected.
 * @returns A store for a client's `cache` option.
 * @throws {TypeError} where an option is wrong. Its operations reject with an `AuthError`: `cache_corrupt`, `cache_locked`,
 * `missing_dependency`.
 */
export function folderCache(options: FolderCacheOptions): CacheStore {
  return folderCacheOn(thisMachine(), options)
}

/**
 * The same, on a given machine.
 *
 * @param given The machine.
 * @param options Where, and how it is protected.
 * @returns The store.
 * @throws {TypeError} where an option is wrong.
 */
export function folderCacheOn(given: Machine, options: FolderCacheOptions): CacheStore {
  const { machine, lock, trust, onCorrupt } = checkOptions(options, given)
  const { protection } = options
  expect(protection !== undefined, 'protection', "'os', 'none' or { key }")
  const path = checkPath(options.path, 'path')
  const keys = keysOf(protection, machine, () => folder.anyKeyId())
  const folder = partitionFolder(path, { trust, keys })
  const sample = folder.fileOf('')
  return withCheck(apartStore({ folder, lock, onCorrupt }), {
    protection: protectionName(protection, machine),
    path,
    machine,
    run: () =>
      checkFile({
        ...folder.entry(sample),
        tryKey: tryKey(protection, keys, path, machine),
        path: sample,
        machine,
        lock,
      }),
  })
}
