import type { Fault, FaultKind } from './Fault.js'

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

/**
 * Checks that a value is a fault: faults come over HTTP too, where types do not protect.
 *
 * @param fault The value.
 * @throws {TypeError} when it is not one.
 */
export function checkFault(fault: Fault): void {
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
