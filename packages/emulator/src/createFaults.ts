import { checkFault } from './checkFault.js'
import type { Fault, FaultScope } from './Fault.js'

/** A fault that is switched on. */
export interface ActiveFault {
  /** What `remove` takes; counts up from 1 in each emulator. */
  readonly id: number
  /** The fault as it was added; its `times` does not count down. */
  readonly fault: Fault
  /** How many requests it will still hit. */
  readonly remaining: number
}

/** The fault switch of an emulator. A request is hit by the oldest fault that matches it, and by no other. */
export interface Faults {
  /**
   * Switches a fault on.
   *
   * @returns Its id, for `remove`.
   * @throws {TypeError} when the fault is not one.
   */
  add(fault: Fault): number
  /** Switches one fault off; false when it was not on. */
  remove(id: number): boolean
  /** Switches every fault off. */
  clear(): void
  /** Lists the faults that are on, oldest first. */
  list(): ActiveFault[]
}

/**
 * Makes a fault switch.
 *
 * @returns The switch, and `take`, which finds the fault of a request and counts it.
 */
export function createFaults(): Faults & { take(request: Request, form: URLSearchParams): Fault | undefined } {
  const active = new Map<number, { readonly fault: Fault; remaining: number }>()
  let lastId = 0
  return {
    add(fault) {
      checkFault(fault)
      active.set(++lastId, { fault, remaining: fault.times ?? Number.POSITIVE_INFINITY })
      return lastId
    },
    remove: (id) => active.delete(id),
    clear: () => active.clear(),
    list: () => Array.from(active, ([id, entry]) => ({ id, ...entry })),
    take(request, form) {
      for (const [id, entry] of active) {
        if (!isMatch(entry.fault.match, request, form)) continue
        if (--entry.remaining <= 0) active.delete(id)
        return entry.fault
      }
      return undefined
    },
  }
}

function isMatch(match: FaultScope['match'], request: Request, form: URLSearchParams): boolean {
  if (match === undefined) return true
  return typeof match === 'string' ? new URL(request.url).pathname.includes(match) : match(request, form)
}
