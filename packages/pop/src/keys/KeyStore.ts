/** A key pair, and when it was made. */
export interface StoredKey {
  /** The pair; its private key need not be extractable. */
  readonly keyPair: CryptoKeyPair
  /** When it was made, in milliseconds since the epoch. */
  readonly createdAt: number
}

/** Where the key of one scheme is kept, so that it outlives the page or the process. */
export interface KeyStore {
  /**
   * Reads the key.
   *
   * @returns The key; nothing where there is none.
   */
  get(): StoredKey | undefined | Promise<StoredKey | undefined>
  /**
   * Changes the key in one atomic step, so that tabs or processes that start at the same time agree on one.
   *
   * @param next Synchronous; is given the key that is kept, and returns the one to keep.
   * @returns What is kept now.
   */
  update(next: (current: StoredKey | undefined) => StoredKey): StoredKey | Promise<StoredKey>
}
