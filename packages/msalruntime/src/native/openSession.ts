import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'
import type { NativeSystem } from './libraryFile.js'
import type { FoundLibrary, loadLibrary } from './loadLibrary.js'
import type { NativeCalls } from './nativeCalls.js'
import type { Operations } from './operations.js'
import type { NativeLog } from './receiver.js'
import { startLibrary, type StartedLibrary } from './startLibrary.js'
import { takeTurns } from './takeTurns.js'

/** One user's part in a library that was started. */
export interface Session {
  readonly native: NativeCalls
  readonly operations: Operations
  /** Waits for what is running of this user's; the last user shuts the library down. */
  end(): Promise<void>
}

interface SharedLibrary {
  readonly inTurn: ReturnType<typeof takeTurns>
  started?: StartedLibrary | undefined
}

/** By path: all users of a library share its thread and its listener to the end of the process. */
const libraries = /* @__PURE__ */ new Map<string, SharedLibrary>()

/**
 * Opens a session of the library, which is started where it is not yet.
 *
 * @param system Which system.
 * @param found The library.
 * @param load Opens it.
 * @param onLog Is told what it logs, from then on.
 * @returns The session, or why there is none.
 */
export function openSession(
  system: NativeSystem,
  found: FoundLibrary,
  load: typeof loadLibrary,
  onLog: NativeLog | undefined,
): Promise<Session | MsalRuntimeProblem> {
  const shared: SharedLibrary = libraries.get(found.path) ?? { inTurn: takeTurns() }
  libraries.set(found.path, shared)
  return shared.inTurn(async () => {
    const started = shared.started ?? (await startLibrary(system, found, load, onLog))
    if ('reason' in started) return started
    shared.started = started
    const operations = started.join(onLog)
    return {
      native: started.native,
      operations,
      async end() {
        await operations.whenIdle()
        await shared.inTurn(async () => {
          if (!started.leave(operations)) return
          shared.started = undefined
          await started.end()
        })
      },
    }
  })
}
