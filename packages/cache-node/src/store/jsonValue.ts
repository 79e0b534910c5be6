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
  const copy = { ...value } as Members
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
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Object.is(one, other)
  if (!areAlike(one, other)) return false
  const [inOne, inOther] = [one as Members, other as Members]
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameJson(inOne[name], inOther[name]))
  )
}

/**
 * Puts parts of a known value in the place of those that are the same, so that they are known for the same.
 *
 * @param value A value that {@link checkJson} passed; it is copied as far as anything is put into it.
 * @param known What it may be the same as.
 * @param levels How deep to look for parts; below that it is all or nothing.
 * @returns `known` itself where both are the same.
 */
export function shareJson<T>(value: T, known: unknown, levels = 2): T {
  if (levels === 0 || !isGroup(value) || !isGroup(known) || !areAlike(value, known))
    return sameJson(value, known) ? (known as T) : value
  const names = Object.keys(value)
  let isSame = names.length === Object.keys(known).length
  const shared: Members = { ...(value as Members) }
  for (const name of names) {
    const isKnown = Object.hasOwn(known, name)
    if (isKnown) shared[name] = shareJson(shared[name], (known as Members)[name], levels - 1)
    isSame &&= isKnown && Object.is(shared[name], (known as Members)[name])
  }
  return (isSame ? known : shared) as T
}

type Members = Record<string, unknown>

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areAlike(one: object, other: object): boolean {
  return Array.isArray(one) === Array.isArray(other) && !hasOwnForm(one) && !hasOwnForm(other)
}

/** A date, for one, is written as a text. */
function hasOwnForm(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function'
}
