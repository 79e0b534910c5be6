import { AuthError, type AuthErrorCode } from '../AuthError.js'
import { abortable } from '../http/abortable.js'
import { channelName } from './channelName.js'
import { whenClosed } from './whenClosed.js'

/**
 * Sends a window to the sign-in page, and waits for the answer with the request's state; others are not meant for us.
 *
 * @param opened The window.
 * @param url The authorization request.
 * @param state Its state.
 * @param timeout How long to wait for the person, in milliseconds.
 * @param signal Ends the waiting.
 * @returns The parameters of the answer.
 * @throws {AuthError} `user_cancelled`, `timeout`.
 */
export function popupResponse(
  opened: Window,
  url: string,
  state: string,
  timeout: number,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const channel = new BroadcastChannel(channelName(state))
  let end = (): void => {}
  const answer = new Promise<Record<string, string>>((resolve, reject) => {
    const receive = ({ data, origin }: MessageEvent): void => {
      if (origin !== location.origin) return
      const response = new URLSearchParams(String((data as { latchkey?: unknown } | null)?.latchkey))
      if (response.getAll('state').join() === state) resolve(Object.fromEntries(response))
    }
    const fail = (code: AuthErrorCode, reason: string): void => reject(new AuthError(code, `Cannot sign in: ${reason}`))
    const closed = (): void => fail('user_cancelled', 'the window was closed')
    // Nobody would be there for the answer.
    const leave = (): void => opened.close()
    const timer = setTimeout(fail, timeout, 'timeout', 'nobody did in time')
    const watch = whenClosed(opened, closed)
    channel.addEventListener('message', receive)
    addEventListener('message', receive)
    addEventListener('pagehide', leave)
    end = () => {
      removeEventListener('message', receive)
      removeEventListener('pagehide', leave)
      clearTimeout(timer)
      clearInterval(watch)
      channel.close()
    }
    // Its empty page cannot have cut the tie.
    if (opened.closed) closed()
    else if (!signal.aborted) opened.location.replace(url)
  })
  return abortable(answer, signal).finally(end)
}
