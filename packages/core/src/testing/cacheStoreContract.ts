import { expect } from '../arguments/expect.js'
import { concurrencyCases } from './concurrencyCases.js'
import { contentCases } from './contentCases.js'
import { otherInstanceCases } from './otherInstanceCases.js'
import { partitionCases } from './partitionCases.js'
import type { StoreUnderTest } from './StoreUnderTest.js'

export type { StoreUnderTest } from './StoreUnderTest.js'

/** How the store under test is made. */
export interface CacheStoreContractOptions {
  /** Whether each partition is a document of its own. Default `true`; `false` for a store that keeps one document for all. */
  readonly apart?: boolean | undefined
}

/** One case of a contract. */
export interface ContractCase {
  /** What is promised, in words. */
  readonly name: string
  /**
   * Makes a store, tries it, and closes it.
   *
   * @param skip Called with the reason where the case does not apply to this store.
   * @returns A promise that rejects where the promise of the name is broken.
   */
  readonly run: (skip?: (reason: string) => void) => Promise<void>
}

/**
 * Gives the tests that every `CacheStore` passes, whoever wrote it.
 *
 * Under Vitest: `for (const { name, run } of cacheStoreContract(create)) test(name, ({ skip }) => run(skip))`; under `node:test`:
 * `test(name, (t) => run((reason) => t.skip(reason)))`.
 *
 * @param create Makes a new, empty store; called once for each case.
 * @param options What kind of store it is.
 * @returns The cases, independent of each other.
 * @throws {TypeError} when `create` is not a function.
 */
export function cacheStoreContract(
  create: () => StoreUnderTest | Promise<StoreUnderTest>,
  options: CacheStoreContractOptions = {},
): ContractCase[] {
  expect(typeof create === 'function', 'create', 'a function that makes a store')
  const { apart = true } = options
  return [...contentCases, ...partitionCases, ...concurrencyCases, ...otherInstanceCases].map(({ name, run }) => ({
    name,
    async run(skip) {
      const subject = await create()
      let reason: string | void
      try {
        reason = await run({ ...subject, apart })
      } finally {
        await subject.close?.()
      }
      if (reason) skip?.(reason)
    },
  }))
}
