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
  if (Array.isArray(value)) return value.map(copyJson) as T
  // Spread makes an own property even of `__proto__`, which can then be set as any other.
  const copy = { ...value } as Record<string, unknown>
  for (const name of Object.keys(copy)) {
    const inner = copy[name]
    if (typeof inner === 'object' && inner !== null) copy[name] = copyJson(inner)
  }
  return copy as T
}

/**
 * Tells whether two JSON values are the same.
 *
 * @param one A value.
 * @param other Another one.
 * @returns Whether both are written alike, but for the order of names; `false` where only writing would tell.
 */
export function sameJson(one: unknown, other: unknown): boolean {
  if (Object.is(one, other) && typeof one !== 'object') return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other
  if (Array.isArray(one) !== Array.isArray(other) || hasOwnForm(one) || hasOwnForm(other)) return false
  const [inOne, inOther] = [one, other] as [Record<string, unknown>, Record<string, unknown>]
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameJson(inOne[name], inOther[name]))
  )
}

/** A date, for one, is written as a text. */
function hasOwnForm(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function'
}
