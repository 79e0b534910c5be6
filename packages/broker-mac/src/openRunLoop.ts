import type { MacSystem } from './MacSystem.js'

/** The main thread's loop, which Node does not run. */
export interface RunLoop {
  /**
   * Runs it for a moment: calls that wait for the main thread, answers of the sign-in extension.
   *
   * @param windows Whether to hand events to windows, too; the first time makes the program one that can have some.
   */
  serve(windows: boolean): void
}

/** How long it may hold JavaScript up, in seconds. */
const SLICE = 0.02
const EVERY_EVENT = 0xffff_ffff_ffff_ffffn
const FRAMEWORKS = '/System/Library/Frameworks'

/**
 * Opens the main thread's loop.
 *
 * @param system The machine.
 * @returns The loop; `undefined` where the program runs it itself, as Electron does.
 * @see {@link https://developer.apple.com/documentation/corefoundation/cfrunloopruninmode(_:_:_:) CFRunLoopRunInMode}
 */
export async function openRunLoop({ library }: MacSystem): Promise<RunLoop | undefined> {
  const { default: koffi } = await import('koffi')
  const [foundation, appKit, objc] = [
    `${FRAMEWORKS}/CoreFoundation.framework/CoreFoundation`,
    `${FRAMEWORKS}/AppKit.framework/AppKit`,
    '/usr/lib/libobjc.A.dylib',
  ].map((name) => koffi.load(library(name))) as [Library, Library, Library]
  const read = (from: Library, symbol: string): unknown => koffi.decode(from.symbol(symbol), 'void *')
  const selector = objc.func('sel_registerName', 'void *', ['str'])
  /** A method: its name, what it gives, what it takes. */
  const method = (name: string, result: string, ...parameters: string[]) => {
    const send = objc.func('objc_msgSend', result, ['void *', 'void *', ...parameters])
    const selected: unknown = selector(name)
    return (self: unknown, ...args: unknown[]): unknown => send(self, selected, ...args)
  }
  const isRunning = method('isRunning', 'bool')
  const running = read(appKit, 'NSApp')
  if (running && isRunning(running)) return undefined

  const mode = read(foundation, 'kCFRunLoopDefaultMode')
  const run = foundation.func('CFRunLoopRunInMode', 'int32', ['void *', 'double', 'bool'])
  const push = objc.func('objc_autoreleasePoolPush', 'void *', [])
  const pop = objc.func('objc_autoreleasePoolPop', 'void', ['void *'])
  const next = method('nextEventMatchingMask:untilDate:inMode:dequeue:', 'void *', 'uint64', 'void *', 'void *', 'bool')
  const dispatch = method('sendEvent:', 'void', 'void *')
  let application: unknown
  const launch = (): unknown => {
    const shared = method('sharedApplication', 'void *')(objc.func('objc_getClass', 'void *', ['str'])('NSApplication'))
    method('finishLaunching', 'void')(shared)
    return shared
  }
  return {
    serve(windows) {
      const pool: unknown = push()
      run(mode, SLICE, false)
      if (windows) {
        application ??= launch()
        for (;;) {
          const event = next(application, EVERY_EVENT, null, mode, true)
          if (!event) break
          dispatch(application, event)
        }
      }
      pop(pool)
    },
  }
}

type Library = ReturnType<(typeof import('koffi'))['load']>
