import { AuthError, type AuthErrorCode } from '@latchkey/core'

/** The finer reason of an error, which {@link AuthError.suberror} holds. */
export type CacheProblem =
  | 'lock_timeout'
  | 'damaged'
  | 'untrusted_file'
  | 'too_large'
  | 'too_new'
  | 'not_encrypted'
  | 'key_missing'
  | 'key_unreadable'
  | 'vault_unavailable'
  | 'file_unreadable'
  | 'file_unwritable'
  | 'library_missing'

const codes: Record<CacheProblem, AuthErrorCode> = {
  lock_timeout: 'cache_locked',
  damaged: 'cache_corrupt',
  untrusted_file: 'cache_corrupt',
  too_large: 'cache_corrupt',
  too_new: 'cache_corrupt',
  not_encrypted: 'cache_corrupt',
  key_missing: 'missing_dependency',
  key_unreadable: 'cache_locked',
  vault_unavailable: 'cache_locked',
  file_unreadable: 'cache_locked',
  file_unwritable: 'cache_locked',
  library_missing: 'missing_dependency',
}

/**
 * Makes the error of a cache that cannot be used.
 *
 * @param problem What is wrong.
 * @param message What could not be done, why, and what to do.
 * @param cause What was thrown; never the content of a cache.
 * @returns The error.
 */
export function cacheError(problem: CacheProblem, message: string, cause?: unknown): AuthError {
  return new AuthError(codes[problem], message, { suberror: problem, ...(cause === undefined ? {} : { cause }) })
}

/**
 * Gives the error code of a failed system call.
 *
 * @param error Any caught value.
 * @returns Such as `ENOENT`; an empty text where it is none.
 */
export function systemCode(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  return typeof code === 'string' ? code : ''
}

const advice: Record<string, string> = {
  ENOSPC: 'the disk is full; make room and try again, nothing was changed',
  EDQUOT: 'the disk quota is used up; make room and try again, nothing was changed',
  EROFS: 'the file system is read-only; choose another path',
  EACCES: 'this user may not; check the permissions of the file and its folder, or choose another path',
  EPERM: 'this user may not; check the permissions of the file and its folder, or choose another path',
  ENOTDIR: 'a part of the path is a file; choose another path',
  EISDIR: 'it is a folder; choose another path',
  ENAMETOOLONG: 'the path is too long; choose another path',
  EMFILE: 'the process has too many open files; close some and try again',
}

/**
 * Makes the error of a failed system call.
 *
 * @param does Whether it was reading or writing that failed.
 * @param path Of what.
 * @param error What the call threw.
 * @returns The error; one of ours as it is.
 */
export function fileError(does: 'read' | 'write', path: string, error: unknown): AuthError {
  if (error instanceof AuthError) return error
  const why = advice[systemCode(error)] ?? `the system call failed (${systemCode(error) || 'without a code'})`
  return cacheError(does === 'read' ? 'file_unreadable' : 'file_unwritable', `Cannot ${does} ${path}: ${why}`, error)
}
