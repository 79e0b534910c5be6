import { Worker } from 'node:worker_threads'
import type { NativeConventions } from './bindExports.js'
import type { Handle } from './nativeCalls.js'

/** A thread of its own for what the library calls back. */
export interface Receiver {
  /** The address of the function that takes results. */
  readonly completion: bigint
  /** The address of the function for the log. */
  readonly log: bigint
  /**
   * Notes an operation that is about to start; call the result where it does not.
   *
   * @param id What the library gives back as `data`.
   * @param take Takes the operation's result.
   */
  expect(id: number, take: (result: Handle) => void): () => void
  /** Whether operations may keep the process alive. */
  hold(holds: boolean): void
  /** Waits, without the event loop, until the library has called back for all operations; says whether it has. */
  waitForAll(milliseconds: number): boolean
  /** Ends the thread. */
  end(): Promise<void>
}

/** What a receiver is made for. */
export interface ReceiverOptions extends NativeConventions {
  /** Where koffi is. */
  readonly koffiPath: string
  /** Is told what the library logs. */
  readonly onLog?: ((level: number, message: string) => void) | undefined
}

/**
 * The program of the thread. It calls nothing of the library that could log: whoever calls the library waits for its log, and the log
 * for this thread. A text, because bundlers know nothing of threads.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { koffiPath, isWide, call, pending } = workerData
const koffi = require(koffiPath)
const register = (parameters, callback) =>
  koffi.register(callback, koffi.pointer(koffi.proto(call, null, 'void', parameters)))
const callbacks = [
  register(['void *', 'void *'], (result, id) => {
    parentPort.postMessage([Number(id), result])
    Atomics.sub(pending, 0, 1)
    Atomics.notify(pending, 0)
  }),
  register([isWide ? 'str16' : 'str', 'int32_t', 'void *'], (message, level) => parentPort.postMessage([0, level, message])),
]
parentPort.on('message', () => {
  callbacks.forEach((callback) => koffi.unregister(callback))
  parentPort.close()
})
parentPort.postMessage(callbacks)
`

/**
 * Starts a thread that receives what the library calls back.
 *
 * The library's threads wait until the function that they call has run. On the main thread it would have to wait for what the main
 * thread does, which may be a call that waits for the library: nothing would go on any more. A thread of its own is always free, also
 * while the process ends.
 *
 * @param options How the library calls.
 * @returns The receiver.
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { onLog, ...conventions } = options
  const pending = new Int32Array(new SharedArrayBuffer(4))
  const workerData = { ...conventions, pending }
  const worker = new Worker(program, { eval: true, execArgv: [], workerData, name: 'MSALRuntime' })
  const ended = new Promise<void>((resolve) => void worker.once('exit', () => resolve()))
  const [completion, log] = await new Promise<bigint[]>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  const taking = new Map<number, (result: Handle) => void>()
  worker.on('message', ([id, ...said]: [number, never, string]) => {
    if (id === 0) return onLog?.(...said)
    const take = taking.get(id)
    taking.delete(id)
    take?.(said[0])
  })
  worker.unref()
  return {
    completion: completion!,
    log: log!,
    expect(id, take) {
      taking.set(id, take)
      Atomics.add(pending, 0, 1)
      return () => {
        taking.delete(id)
        Atomics.sub(pending, 0, 1)
      }
    },
    hold: (holds) => (holds ? worker.ref() : worker.unref()),
    waitForAll(milliseconds) {
      const until = performance.now() + milliseconds
      for (;;) {
        const count = Atomics.load(pending, 0)
        const left = until - performance.now()
        if (count === 0 || left <= 0) return count === 0
        Atomics.wait(pending, 0, count, left)
      }
    },
    end() {
      worker.ref()
      worker.postMessage('end')
      return ended
    },
  }
}
