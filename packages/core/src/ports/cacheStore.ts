/** One record of the unified token cache; every value is as MSAL writes it, times as decimal strings of epoch seconds. */
export type CacheEntity = Record<string, unknown>

/**
 * The unified token cache as plain JSON: section name → key → entity.
 *
 * Sections and fields that this library does not know are kept.
 */
export interface CacheDocument {
  /** Access tokens of users and of apps. */
  AccessToken?: Record<string, CacheEntity>
  /** Refresh tokens of users. */
  RefreshToken?: Record<string, CacheEntity>
  /** Raw ID tokens of users. */
  IdToken?: Record<string, CacheEntity>
  /** Signed-in users. */
  Account?: Record<string, CacheEntity>
  /** What is known of each client, such as its family. */
  AppMetadata?: Record<string, CacheEntity>
  [section: string]: Record<string, CacheEntity> | undefined
}

/**
 * Where tokens are kept: one JSON document per partition, or one for all.
 *
 * A partition is an opaque name that says whose tokens these are (a user, an app in a tenant, one incoming assertion);
 * a store may use it as a key, but must escape or hash it before it makes a file name of it.
 */
export interface CacheStore {
  /**
   * Reads a partition.
   *
   * The document stays the store's: callers do not change it. While nothing was written, a store had better return the same
   * object, because look-ups keep an index of it.
   *
   * @param partition Whose tokens.
   * @returns The document, or `undefined` where there is none; a promise only where reading needs one.
   */
  get(partition: string): CacheDocument | undefined | Promise<CacheDocument | undefined>
  /**
   * Changes a partition in one atomic step: reads, calls `next`, writes.
   *
   * @param partition Whose tokens.
   * @param next Synchronous; may change the document it is given; returns the document to keep, `undefined` for none.
   * @returns When it is written.
   */
  update(
    partition: string,
    next: (current: CacheDocument | undefined) => CacheDocument | undefined,
  ): void | Promise<void>
  /**
   * Lists the partitions, where the store can.
   *
   * @returns Their names.
   */
  partitions?(): Iterable<string> | Promise<Iterable<string>>
  /**
   * Tells of changes made elsewhere, where the store can.
   *
   * @param listener Called with the name of a partition that changed.
   * @returns A function that ends it.
   */
  subscribe?(listener: (partition: string) => void): () => void
}
