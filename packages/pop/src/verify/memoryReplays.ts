import { expect } from '@latchkey/core/internal'
import { remember } from '../keys/remember.js'

/** Where proofs are kept that were taken, so that none is taken twice; for several machines, one that they share. */
export interface ReplayStore {
  /**
   * Takes a proof.
   *
   * @param id What tells it from others: 43 characters.
   * @param until When it is over by itself, in milliseconds since the epoch.
   * @returns `true` the first time, in one atomic step.
   */
  take(id: string, until: number): boolean | Promise<boolean>
}

/**
 * Keeps proofs in memory, for an API on one machine.
 *
 * @param limit How many are kept: what comes in within twice `maxAge`; beyond, the oldest can be used again. Default 100,000.
 * @returns The store.
 * @throws {TypeError} when the limit is no whole number above 0.
 */
export function memoryReplays(limit = 100_000): ReplayStore {
  expect(Number.isInteger(limit) && limit > 0, 'limit', 'a whole number above 0')
  const taken = new Map<string, number>()
  return {
    take(id, until) {
      if (taken.has(id)) return false
      remember(taken, id, until, limit)
      return true
    },
  }
}
