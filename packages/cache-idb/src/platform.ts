/** What a browser offers, as far as it does. */
export interface Platform {
  readonly indexedDB: IDBFactory | undefined
  /** Absent in pages that are not secure. */
  readonly subtle: SubtleCrypto | undefined
  readonly locks: LockManager | undefined
  /** Absent in workers. */
  readonly sessionStorage: Storage | undefined
  readonly BroadcastChannel: typeof BroadcastChannel | undefined
}

/**
 * Looks around. A page whose storage is blocked may not even ask for it.
 *
 * @returns What this page or worker has.
 */
export function thisPlatform(): Platform {
  return {
    indexedDB: attempt(() => globalThis.indexedDB),
    subtle: attempt(() => globalThis.crypto.subtle),
    locks: attempt(() => globalThis.navigator.locks),
    sessionStorage: attempt(() => globalThis.sessionStorage),
    BroadcastChannel: attempt(() => globalThis.BroadcastChannel),
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
