/** Which requests a fault hits, and how often. */
export interface FaultScope {
  /** Part of the URL's path, or a function of the request (its body is in `form`); every request when undefined. */
  readonly match?: string | ((request: Request, form: URLSearchParams) => boolean) | undefined
  /** How many requests it hits before it is spent. @default Infinity */
  readonly times?: number | undefined
}

/** Answers a status; with Entra's error body unless `body` is given. */
export interface StatusFault extends FaultScope {
  readonly kind?: 'status' | undefined
  /** 200 to 599. */
  readonly status: number
  /** `Retry-After`: seconds, or an HTTP date. */
  readonly retryAfter?: number | string | undefined
  readonly body?: string | undefined
}

/** Waits before it answers. */
export interface SlowFault extends FaultScope {
  readonly kind: 'slow'
  /** In ms. */
  readonly delay: number
}

/** Breaks the connection before anything is answered. */
export interface ResetFault extends FaultScope {
  readonly kind: 'reset'
}

/** Sends headers and half of the true answer's body, then nothing until the client gives up. */
export interface StallFault extends FaultScope {
  readonly kind: 'stall'
}

/** Sends headers and half of the true answer's body, then breaks the connection. */
export interface TruncatedFault extends FaultScope {
  readonly kind: 'truncated'
}

/** Answers 200 with a JSON content type and something else in it. */
export interface WrongJsonFault extends FaultScope {
  readonly kind: 'wrong-json'
  /** @default an object that ends in the middle */
  readonly body?: string | undefined
}

/** Answers an HTML page, as a proxy does. */
export interface HtmlFault extends FaultScope {
  readonly kind: 'html'
  /** @default 200 */
  readonly status?: number | undefined
}

/** Answers without a body. */
export interface EmptyFault extends FaultScope {
  readonly kind: 'empty'
  /** @default 200 */
  readonly status?: number | undefined
}

/** Answers a redirect. */
export interface RedirectFault extends FaultScope {
  readonly kind: 'redirect'
  /** @default 302 */
  readonly status?: 301 | 302 | 303 | 307 | 308 | undefined
  /** @default https://redirected.example/ */
  readonly location?: string | undefined
}

/** Gives the true answer under another content type. */
export interface WrongContentTypeFault extends FaultScope {
  readonly kind: 'wrong-content-type'
  /** @default text/plain */
  readonly contentType?: string | undefined
}

/** Streams a very long JSON answer. */
export interface HugeFault extends FaultScope {
  readonly kind: 'huge'
  /** @default 50 */
  readonly megabytes?: number | undefined
}

/** Answers deeply nested JSON. */
export interface DeepJsonFault extends FaultScope {
  readonly kind: 'deep-json'
  /** Levels. @default 100000 */
  readonly depth?: number | undefined
}

/** Answers truly, with the service's clock put ahead or back: in tokens, in checks and in the Date header. */
export interface ClockSkewFault extends FaultScope {
  readonly kind: 'clock-skew'
  /** Ahead when positive. */
  readonly seconds: number
}

/** Something that goes wrong. */
export type Fault =
  | StatusFault
  | SlowFault
  | ResetFault
  | StallFault
  | TruncatedFault
  | WrongJsonFault
  | HtmlFault
  | EmptyFault
  | RedirectFault
  | WrongContentTypeFault
  | HugeFault
  | DeepJsonFault
  | ClockSkewFault

/** The names of the faults. */
export type FaultKind = NonNullable<Fault['kind']>

/** A fault that is switched on. */
export interface ActiveFault {
  readonly id: number
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

type Range = readonly [least: number, most: number, isRequired?: boolean]

/** The kinds, with the numbers that each takes. */
const numbersByKind: Readonly<Record<FaultKind, Readonly<Record<string, Range>>>> = {
  status: { status: [200, 599, true] },
  slow: { delay: [0, 2 ** 31 - 1, true] },
  reset: {},
  stall: {},
  truncated: {},
  'wrong-json': {},
  html: { status: [200, 599] },
  empty: { status: [200, 599] },
  redirect: { status: [301, 308] },
  'wrong-content-type': {},
  huge: { megabytes: [1, 4096] },
  'deep-json': { depth: [1, 10_000_000] },
  'clock-skew': { seconds: [-1e9, 1e9, true] },
}

/** Faults come over HTTP too, so the types do not protect. */
function checkFault(fault: Fault): void {
  if (typeof fault !== 'object' || fault === null) throw new TypeError('Cannot add a fault: it must be an object')
  const kind = fault.kind ?? 'status'
  if (!Object.hasOwn(numbersByKind, kind))
    throw new TypeError(`Cannot add a fault: kind must be one of ${Object.keys(numbersByKind).join(', ')}`)
  const members = fault as unknown as Readonly<Record<string, unknown>>
  const numbers: Readonly<Record<string, Range>> = { ...numbersByKind[kind], times: [1, Number.POSITIVE_INFINITY] }
  for (const [name, [least, most, isRequired]] of Object.entries(numbers)) {
    const value = members[name]
    if (value === undefined && !isRequired) continue
    if (typeof value !== 'number' || !(value >= least && value <= most))
      throw new TypeError(`Cannot add a fault: ${name} must be a number from ${least} to ${most}`)
  }
  for (const name of ['body', 'location', 'contentType'])
    if (members[name] !== undefined && typeof members[name] !== 'string')
      throw new TypeError(`Cannot add a fault: ${name} must be a string`)
  if (!['undefined', 'string', 'function'].includes(typeof members.match))
    throw new TypeError('Cannot add a fault: match must be a string or a function')
  if (!['undefined', 'number', 'string'].includes(typeof members.retryAfter))
    throw new TypeError('Cannot add a fault: retryAfter must be seconds or an HTTP date')
}
