import type { CacheStore } from '@latchkey/core'
import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { checkOptions, checkPath } from '../CacheOptions.js'
import { findFlock } from '../lock/flock.js'
import type { Machine } from '../machine.js'
import type { MsalFileCacheOptions } from '../msalFileCache.js'
import type { VaultName } from '../vault/osVault.js'
import type { VaultItem } from '../vault/VaultItem.js'
import { checkFile } from './checkFile.js'
import type { Codec } from './Codec.js'
import { withCheck } from './describeStore.js'
import { parseCache } from './parseCache.js'
import { togetherStore } from './togetherStore.js'
import { vaultSlot } from './vaultSlot.js'

/** What tells vaults apart. */
export interface VaultKind {
  readonly protection: VaultName
  /** Makes the item; with a suffix, the one that keeps a damaged content. */
  readonly item: (machine: Machine, path: string, suffix: string) => VaultItem
}

/**
 * Makes a cache in an item of a vault that other MSALs share.
 *
 * @param given The machine.
 * @param options Where its signal and lock files are.
 * @param kind Which vault.
 * @returns The store.
 * @throws {TypeError} where an option is wrong.
 */
export function vaultStore(given: Machine, options: MsalFileCacheOptions, { protection, item }: VaultKind): CacheStore {
  const { machine, lock: ownLock, trust, onCorrupt } = checkOptions(options, given)
  const path = checkPath(options.path, 'path')
  const lockPath = options.lockPath === undefined ? `${path}.lockfile` : checkPath(options.lockPath, 'lockPath')
  const lock = { ...ownLock, flock: () => findFlock(machine) }
  const slot = vaultSlot({
    item: item(machine, options.path, ''),
    aside() {
      const suffix = `.damaged-${randomBytes(4).toString('hex')}`
      return { item: item(machine, options.path, suffix), name: `an item whose name ends with ${suffix}` }
    },
    signal: path,
    trust,
  })
  const store = togetherStore({ slot, codec, lockPath, lock, onCorrupt, folder: dirname(path) })
  return withCheck(store, { protection, path, machine, run: () => checkFile({ slot, codec, path, machine, lock }) })
}

const codec: Codec = {
  decode: async (bytes) => parseCache(bytes),
  encode: async (document) => [Buffer.from(JSON.stringify(document ?? {}))],
}
