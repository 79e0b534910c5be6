import type { SecretKey } from './SecretKey.js'

/** Where keys are found. */
export interface KeyRing {
  /**
   * Finds the key of a file.
   *
   * @throws {AuthError} `missing_dependency` where it is not there, `cache_locked` where it cannot be read.
   */
  find(id: string, path: string): Promise<SecretKey>
  /** Gives the key for a new file, and makes one where that is possible and there is none. */
  current(path: string): Promise<SecretKey>
}
