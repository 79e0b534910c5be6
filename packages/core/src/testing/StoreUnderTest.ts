import type { CacheStore } from '../ports/cacheStore.js'

/** A new, empty store, and how to get at what it keeps a second time. */
export interface StoreUnderTest {
  /** The store. */
  readonly store: CacheStore
  /**
   * Makes another instance over the same data, as another process or tab would; absent where nothing outlives an instance.
   *
   * @returns The other instance.
   */
  readonly reopen?: (() => CacheStore | Promise<CacheStore>) | undefined
  /**
   * Lets go of what the store took: files, connections.
   *
   * @returns When it is done.
   */
  readonly close?: (() => void | Promise<void>) | undefined
}

/** What a case of the contract is given. */
export interface CaseContext extends StoreUnderTest {
  /** Whether the store keeps every partition as a document of its own. */
  readonly apart: boolean
}

/** A case before it has a store; what `run` returns says why it does not apply. */
export interface UnboundCase {
  readonly name: string
  readonly run: (context: CaseContext) => Promise<string | void>
}
