import { expect } from '@latchkey/core/internal'
import type { Machine } from '../machine.js'
import { osVaultItem, tryVault } from '../vault/osVault.js'
import type { CacheProtection } from './CacheProtection.js'
import { givenKey } from './givenKey.js'
import type { KeyRing } from './KeyRing.js'
import { vaultKey } from './vaultKey.js'

/**
 * Finds the keys of a protection.
 *
 * @param protection As given.
 * @param machine This machine.
 * @param existing Gives the id of the key of some file that is there.
 * @returns The keys; `undefined` for none.
 * @throws {TypeError} where it is no protection.
 */
export function keysOf(
  protection: CacheProtection,
  machine: Machine,
  existing: () => Promise<string | undefined>,
): KeyRing | undefined {
  if (protection === 'none') return undefined
  if (protection === 'os') return vaultKey((name) => osVaultItem(machine, name), existing)
  expect(typeof protection === 'object' && protection !== null, 'protection', "'os', 'none' or { key }")
  return givenKey(protection.key, machine)
}

/**
 * Says how a protection is tried: the vault with an item that is removed again, another source of keys by asking it.
 *
 * @param protection As given.
 * @param keys The keys of the protection.
 * @param path The cache.
 * @param machine This machine.
 * @returns The trial; `undefined` where there is no key.
 */
export function tryKey(
  protection: CacheProtection,
  keys: KeyRing | undefined,
  path: string,
  machine: Machine,
): (() => Promise<unknown>) | undefined {
  if (protection === 'os') return () => tryVault(machine)
  return keys && (() => keys.current(path))
}
