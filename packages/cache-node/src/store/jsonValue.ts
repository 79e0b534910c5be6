/** The deepest nesting of a cache: far more than any has, and far less than would end a call. */
const MAX_DEPTH = 500

/**
 * Checks that a value can be written as JSON.
 *
 * @param value Any value.
 * @param depth How deep in it we are.
 * @throws {RangeError} where it is nested too deeply, or holds itself.
 * @throws {TypeError} where it holds a bigint.
 */
export function checkJson(value: unknown, depth = 0): void {
  if (typeof value === 'bigint') throw new TypeError('holds a bigint')
  if (typeof value !== 'object' || value === null) return
  if (depth > MAX_DEPTH) throw new RangeError('is nested too deeply')
  for (const inner of Object.values(value)) checkJson(inner, depth + 1)
}

/**
 * Copies a JSON value. Its texts, which are nearly all of a cache, are not copied, as parsing would.
 *
 * @param value A value that {@link checkJson} passed.
 * @returns The copy.
 */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (hasOwnForm(value)) return JSON.parse(JSON.stringify(value)) as T
  const copy = shallowCopy(value as Members)
  for (const name of Object.keys(copy)) {
    const inner = copy[name]
    if (typeof inner === 'object' && inner !== null) copy[name] = copyJson(inner)
  }
  return copy as T
}

/**
 * Takes a JSON value over: what is the same in a known value is taken from there, and the rest is copied.
 *
 * @param value Any value.
 * @param known What it may be the same as, in whole or in part; the order of names does not count.
 * @param depth How deep in it we are.
 * @returns `known` itself where both are the same.
 * @throws {RangeError} where it is nested too deeply, or holds itself.
 * @throws {TypeError} where it holds a bigint.
 */
export function adoptJson<T>(value: T, known: unknown, depth = 0): T {
  if (typeof value === 'bigint') throw new TypeError('holds a bigint')
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) throw new RangeError('is nested too deeply')
  if (hasOwnForm(value)) return copyJson(value)
  const [own, from] = [value as Members, isAlike(value, known) ? (known as Members) : undefined]
  const names = Object.keys(own)
  let copy = from && Object.keys(from).length === names.length ? undefined : shallowCopy(own)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const isKnown = from !== undefined && Object.hasOwn(from, name)
    const inner = adoptJson(own[name], isKnown ? from[name] : undefined, depth + 1)
    if (!copy && !(isKnown && Object.is(inner, from[name]))) {
      copy = shallowCopy(own)
      for (let before = 0; before < index; before++) copy[names[before]!] = from![names[before]!]
    }
    if (copy) copy[name] = inner
  }
  return (copy ?? from) as T
}

type Members = Record<string, unknown>

/** Spread makes an own property even of `__proto__`, which can then be set as any other. */
function shallowCopy(value: Members): Members {
  return (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Members
}

function isAlike(value: object, known: unknown): boolean {
  return (
    typeof known === 'object' && known !== null && Array.isArray(value) === Array.isArray(known) && !hasOwnForm(known)
  )
}

/** A date, for one, is written as a text. */
function hasOwnForm(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function'
}
