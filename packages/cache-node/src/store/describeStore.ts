import type { CacheStore } from '@latchkey/core'
import type { ProtectionName } from '../key/protectionName.js'
import type { Machine } from '../machine.js'

/** How the persistence of a store is checked. */
export interface PersistenceCheck {
  readonly protection: ProtectionName
  readonly path: string
  readonly machine: Machine
  readonly run: () => Promise<void>
}

const checks = /* @__PURE__ */ new WeakMap<CacheStore, PersistenceCheck>()

/**
 * Remembers how a store's persistence is checked.
 *
 * @param store The store.
 * @param check How.
 * @returns The store.
 */
export function withCheck(store: CacheStore, check: PersistenceCheck): CacheStore {
  checks.set(store, check)
  return store
}

/**
 * Finds how a store's persistence is checked.
 *
 * @param store Any value.
 * @returns How; `undefined` where it is no store of this package.
 */
export function checkOf(store: unknown): PersistenceCheck | undefined {
  return checks.get(store as CacheStore)
}
