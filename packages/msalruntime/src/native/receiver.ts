import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { NativeConventions } from './bindExports.js'
import type { Handle } from './nativeCalls.js'

/** Is told a line of the library's log. */
export type NativeLog = (level: number, message: string) => void

/** Is given an operation's result. */
type Take = (result: Handle) => void

/** A thread of its own for what the library calls back. */
export interface Receiver {
  /** The address of the function that takes results. */
  readonly completion: bigint
  /** The address of the function for the log. */
  readonly log: bigint
  /**
   * Notes an operation that is about to start.
   *
   * @param take Takes the operation's result.
   * @param release Gives back a second one, which nobody expects.
   * @returns What the library is to give back as `data`, and what is to be called where the operation does not start.
   */
  expect(take: Take, release: Take): { readonly id: number; forget(): void }
  /** Counts the operations that somebody waits for: they keep the process alive. */
  hold(change: 1 | -1): void
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
  readonly onLog: NativeLog
}

/** How many operations that have ended are known, should one be called back for again. */
const remembered = 1000

/**
 * The program of the thread. It calls nothing of the library that could log: whoever calls the library waits for its log, and the log
 * for this thread. A text, because bundlers know nothing of threads.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { koffiPath, isWide, call, arrived, port } = workerData
const koffi = require(koffiPath)
const register = (parameters, callback) =>
  koffi.register(callback, koffi.pointer(koffi.proto(call, null, 'void', parameters)))
const callbacks = [
  register(['void *', 'void *'], (result, id) => {
    port.postMessage([Number(id), result])
    Atomics.add(arrived, 0, 1)
    Atomics.notify(arrived, 0)
  }),
  register([isWide ? 'str16' : 'str', 'int32_t', 'void *'], (message, level) => port.postMessage([0, level, message])),
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
  /** How many results have come. It only wakes who waits: the library may answer twice, so that nothing can be reckoned with it. */
  const arrived = new Int32Array(new SharedArrayBuffer(4))
  const { port1, port2: port } = new MessageChannel()
  const workerData = { ...conventions, arrived, port }
  const worker = new Worker(program, {
    eval: true,
    execArgv: [],
    workerData,
    transferList: [port],
    // It writes nothing; without this, the program's own streams would be opened for it.
    ...{ stdout: true, stderr: true },
    name: 'MSALRuntime',
  })
  const ended = new Promise<void>((resolve) => void worker.once('exit', () => resolve()))
  const [completion, log] = await new Promise<bigint[]>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  let [lastId, held] = [0, 0]
  const taking = new Map<number, { readonly take: Take; readonly release: Take }>()
  const taken = new Map<number, { readonly first: Handle; readonly release: Take }>()
  const took = (id: number, result: Handle): void => {
    const { take, release } = taking.get(id)!
    taking.delete(id)
    taken.set(id, { first: result, release })
    if (taken.size > remembered) taken.delete(taken.keys().next().value!)
    take(result)
  }
  port1.on('message', ([id, ...said]: [number, never, string]) => {
    if (id === 0) return onLog(...said)
    const [result] = said
    if (taking.has(id)) return took(id, result)
    const again = taken.get(id)
    taken.delete(id)
    // The first one has its owner, also where it comes twice.
    if (again && again.first !== result) again.release(result)
  })
  port1.unref()
  worker.unref()
  return {
    completion: completion!,
    log: log!,
    expect(take, release) {
      const id = ++lastId
      taking.set(id, { take, release })
      return { id, forget: () => void taking.delete(id) }
    },
    hold(change) {
      held += change
      if (held > 0) worker.ref()
      else worker.unref()
    },
    waitForAll(milliseconds) {
      const until = performance.now() + milliseconds
      for (;;) {
        const seen = Atomics.load(arrived, 0)
        for (let next; (next = receiveMessageOnPort(port1));) taking.delete((next.message as [number])[0])
        const left = until - performance.now()
        if (taking.size === 0 || left <= 0) return taking.size === 0
        Atomics.wait(arrived, 0, seen, left)
      }
    },
    end() {
      worker.ref()
      worker.postMessage('end')
      return ended
    },
  }
}
