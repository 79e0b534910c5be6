import type { MsalRuntime } from '@latchkey/msalruntime'
import type { MacSystem } from './MacSystem.js'
import { openRunLoop, type RunLoop } from './openRunLoop.js'

/**
 * Runs the main thread's loop while the library works: the library waits for that thread, and its callbacks for JavaScript, which is
 * on the same one.
 *
 * @param runtime The library.
 * @param system The machine.
 * @returns The library, which gets on.
 */
export function servingRunLoop(runtime: MsalRuntime, system: MacSystem): MsalRuntime {
  let opened: Promise<RunLoop | undefined> | undefined
  let [working, withWindows] = [0, 0]
  const serve = (loop: RunLoop): void => {
    if (working === 0) return
    loop.serve(withWindows > 0)
    setImmediate(serve, loop)
  }
  const serving =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>, windows = 0) =>
    async (...args: A): Promise<R> => {
      const loop = await (opened ??= openRunLoop(system))
      working++
      withWindows += windows
      if (working === 1 && loop) setImmediate(serve, loop)
      try {
        return await call(...args)
      } finally {
        working--
        withWindows -= windows
      }
    }
  return {
    start: serving(runtime.start),
    stop: serving(runtime.stop),
    discoverAccounts: serving(runtime.discoverAccounts),
    readAccount: serving(runtime.readAccount),
    signIn: serving(runtime.signIn, 1),
    signInSilently: serving(runtime.signInSilently),
    signInInteractively: serving(runtime.signInInteractively, 1),
    acquireTokenSilently: serving(runtime.acquireTokenSilently),
    acquireTokenInteractively: serving(runtime.acquireTokenInteractively, 1),
    signOut: serving(runtime.signOut),
  }
}
