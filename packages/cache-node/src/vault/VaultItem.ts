/** A text that the operating system keeps. */
export interface VaultItem {
  /** The vault, for messages. */
  readonly name: string
  /**
   * Reads the text.
   *
   * @returns The text; `undefined` where there is none.
   * @throws {AuthError} `missing_dependency` where something is not installed, `cache_locked` where the vault refuses.
   */
  readonly read: () => Promise<string | undefined>
  /** Replaces the text. */
  readonly write: (text: string) => Promise<void>
  /** Removes it; nothing happens where there is none. */
  readonly remove: () => Promise<void>
}
