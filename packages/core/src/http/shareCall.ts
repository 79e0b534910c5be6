import { abortable } from './abortable.js'

interface SharedCall {
  readonly result: Promise<unknown>
  readonly controller: AbortController
  waiting: number
}

/** Calls on their way, by what they ask for. */
export type SharedCalls = Map<string, SharedCall>

/**
 * Lets equal calls share one: the first one runs it, the others wait for the same result.
 *
 * A caller that gives up leaves alone; the call ends when the last one left.
 *
 * @param calls The calls on their way.
 * @param key What the call asks for; equal keys share.
 * @param run Does it; its signal is aborted when nobody waits any more.
 * @param signal The caller's own signal.
 * @returns What `run` resolves to.
 * @throws {AuthError} `user_cancelled` when the signal was aborted, or what `run` throws.
 */
export async function shareCall<T>(
  calls: SharedCalls,
  key: string,
  run: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let call = calls.get(key)
  if (!call) {
    const controller = new AbortController()
    call = { controller, waiting: 0, result: run(controller.signal).finally(() => forget()) }
    calls.set(key, call)
  }
  const shared = call
  const forget = (): void => {
    if (calls.get(key) === shared) calls.delete(key)
  }
  shared.waiting++
  try {
    return (await abortable(shared.result, signal)) as T
  } catch (error) {
    if (signal?.aborted && --shared.waiting === 0) {
      forget()
      shared.controller.abort(signal.reason)
    }
    throw error
  }
}
