import { abortable } from './abortable.js'

/**
 * Waits, and leaves no timer behind when it is given up.
 *
 * @param milliseconds How long.
 * @param signal Ends the waiting.
 * @returns When the time is over.
 * @throws {AuthError} as {@link abortable} does.
 */
export async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))
  return abortable(over, signal).finally(() => clearTimeout(timer))
}
