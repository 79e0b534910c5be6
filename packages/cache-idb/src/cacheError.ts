import { AuthError } from '@latchkey/core'

/** Why tokens are kept in memory only; {@link AuthError.suberror} holds it. */
export type Degradation =
  | 'storage_blocked'
  | 'storage_full'
  | 'storage_failed'
  | 'encryption_unavailable'
  | 'session_unavailable'
  | 'lock_timeout'

const reasons: Record<Degradation, string> = {
  storage_blocked: 'the browser does not let this page use IndexedDB',
  storage_full: 'there is no room left in the storage of this site',
  storage_failed: 'the browser could not write it',
  encryption_unavailable: 'the browser has no WebCrypto here, or cannot keep a key; is the page served over https?',
  session_unavailable: 'the browser cannot tell here whether its session still lasts',
  lock_timeout: 'other tabs wrote all the time',
}

/**
 * Makes the report that tokens are kept in memory only.
 *
 * @param reason Why.
 * @param cause What the browser threw, which never holds what was to be written.
 * @returns The report; one of ours that was the cause, as it is.
 */
export function degradation(reason: Degradation, cause?: unknown): AuthError {
  if (cause instanceof AuthError) return cause
  const message = `Cannot keep the token cache in IndexedDB: ${reasons[reason]}`
  return new AuthError('cache_locked', message, { suberror: reason, cause })
}

/**
 * Makes the report of something unreadable.
 *
 * @param suberror What it is.
 * @param reason Why it cannot be read.
 * @returns The report.
 */
export function corruption(suberror: 'damaged' | 'key_unusable', reason: string): AuthError {
  return new AuthError('cache_corrupt', `Cannot read the token cache in IndexedDB: ${reason}; it was put aside`, {
    suberror,
  })
}
