/** The deepest nesting of a cache: far more than any has, and far less than would end a call. */
const MAX_DEPTH = 500

/** Checked objects without objects in them, as most entities are: they take one step to copy, and two to compare. */
const flat = /* @__PURE__ */ new WeakSet<object>()

/**
 * Checks that a value can be written as JSON.
 *
 * @param value Any value; what is in it must not be changed any more, only copied.
 * @param known A value that passed; parts that are both its and the other's are not looked at again.
 * @param depth How deep in it we are.
 * @throws {RangeError} where it is nested too deeply, or holds itself.
 * @throws {TypeError} where it holds a bigint.
 */
export function checkJson(value: unknown, known?: unknown, depth = 0): void {
  if (value === known) return
  if (typeof value === 'bigint') throw new TypeError('holds a bigint')
  if (typeof value !== 'object' || value === null) return
  if (depth > MAX_DEPTH) throw new RangeError('is nested too deeply')
  const before = isGroup(known) ? (known as Members) : undefined
  let isFlat = isPlain(value)
  for (const name of Object.keys(value)) {
    const inner = (value as Members)[name]
    checkJson(inner, before?.[name], depth + 1)
    isFlat &&= isPrimitive(inner)
  }
  if (isFlat) flat.add(value)
}

/**
 * Copies a JSON value. Its texts, which are nearly all of a cache, are not copied, as parsing would.
 *
 * @param value A value that {@link checkJson} passed.
 * @returns The copy.
 */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (flat.has(value)) return { ...value }
  if (hasOwnForm(value)) return JSON.parse(JSON.stringify(value)) as T
  if (Array.isArray(value)) return value.map(copyJson) as T
  // Spread makes an own property even of `__proto__`, which can then be set as any other.
  const copy = { ...value } as Members
  for (const name of Object.keys(copy)) copy[name] = copyJson(copy[name])
  return copy as T
}

/**
 * Tells whether two JSON values are the same.
 *
 * @param one Any value.
 * @param other A value that {@link checkJson} passed.
 * @returns Whether both are written alike, but for the order of names; `false` where only writing would tell.
 */
export function sameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Object.is(one, other)
  const [inOne, inOther] = [one as Members, other as Members]
  if (flat.has(other) && isPlain(one)) {
    for (const name in inOther) if (inOne[name] !== inOther[name]) return false
    return Object.keys(one).length === Object.keys(other).length
  }
  if (!areAlike(one, other)) return false
  const names = Object.keys(other)
  if (names.length !== Object.keys(one).length) return false
  return names.every((name) => Object.hasOwn(one, name) && sameJson(inOne[name], inOther[name]))
}

/**
 * Puts parts of a known value in the place of those that are the same, so that they are known for the same.
 *
 * @param value Any value; it is not changed.
 * @param known What it may be the same as; {@link checkJson} passed it.
 * @param levels How deep to look for parts; below that it is all or nothing.
 * @returns `known` itself where both are the same.
 */
export function shareJson<T>(value: T, known: unknown, levels = 2): T {
  if (value === known) return value
  if (levels === 0 || !isGroup(value) || !isGroup(known) || !areAlike(value, known))
    return sameJson(value, known) ? (known as T) : value
  const [inValue, inKnown] = [value as Members, known as Members]
  let shared: Members | undefined
  for (const name of Object.keys(value)) {
    const isKnown = Object.hasOwn(known, name)
    const part = isKnown ? shareJson(inValue[name], inKnown[name], levels - 1) : inValue[name]
    if (isKnown && Object.is(part, inKnown[name])) continue
    shared ??= { ...inKnown }
    // An assignment would not make this one a member.
    if (name === '__proto__') Object.defineProperty(shared, name, { ...OWN, value: part })
    else shared[name] = part
  }
  for (const name of Object.keys(known)) {
    if (Object.hasOwn(value, name)) continue
    shared ??= { ...inKnown }
    delete shared[name]
  }
  return (shared ?? known) as T
}

const OWN = { configurable: true, enumerable: true, writable: true }

type Members = Record<string, unknown>

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype
}

/** `undefined` is not: JSON leaves it out. */
function isPrimitive(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function areAlike(one: object, other: object): boolean {
  return Array.isArray(one) === Array.isArray(other) && !hasOwnForm(one) && !hasOwnForm(other)
}

/** A date, for one, is written as a text. */
function hasOwnForm(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function'
}
