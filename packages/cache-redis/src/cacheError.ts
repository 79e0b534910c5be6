import { AuthError, type AuthErrorCode } from '@latchkey/core'

/** The finer reason of an error, which {@link AuthError.suberror} holds; of a refusal it is Redis's own word. */
export type CacheProblem = 'damaged' | 'not_encrypted' | 'key_missing' | 'too_large' | 'lock_timeout' | (string & {})

/**
 * Makes the error of a cache that cannot be used.
 *
 * @param code What went wrong.
 * @param problem The finer reason.
 * @param message Why, and what to do; never the content of a cache.
 * @returns The error.
 */
export function cacheError(code: AuthErrorCode, problem: CacheProblem, message: string): AuthError {
  return new AuthError(code, `Cannot use the token cache in Redis: ${message}`, { suberror: problem })
}

const advice: Record<string, string> = {
  NOAUTH: 'the client must sign in first',
  WRONGPASS: "the client's user name or password is wrong",
  NOPERM: "the client's user may not; it needs GET, SET, DEL, EVAL, SCAN and PUBLISH",
  OOM: 'its memory is full',
  READONLY: 'the client is connected to a replica, which takes no writes',
  MISCONF: 'it cannot save to its disk',
  LOADING: 'it is still starting',
  CLUSTERDOWN: 'the cluster is down',
  MOVED: 'the key is on another node of the cluster; use a client for clusters',
}

/**
 * Makes an error of what a client threw. Neither its text nor the error itself is passed on: clients and scripts put a command's
 * arguments into them, and these are tokens.
 *
 * @param error What was thrown.
 * @returns The error; one of ours as it is.
 */
export function redisError(error: unknown): AuthError {
  if (error instanceof AuthError) return error
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  const reply = /^[A-Z]{2,16}(?= |$)/.exec(String(message))?.[0]
  if (reply === 'WRONGTYPE') return cacheError('cache_corrupt', 'damaged', 'something else is kept under its key')
  if (reply) return cacheError('cache_locked', reply, advice[reply] ?? `it refused a command (${reply})`)
  const reason = typeof code === 'string' && /^E[A-Z0-9_]{2,30}$/.test(code) ? code : 'not_connected'
  return cacheError('network_error', reason, `there is no connection (${reason}); is the client connected?`)
}
