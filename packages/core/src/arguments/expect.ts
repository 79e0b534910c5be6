/**
 * Checks an argument.
 *
 * @param condition What must hold.
 * @param name The argument.
 * @param expected What it should have been, in words that continue "expected".
 * @throws {TypeError} naming both.
 */
export function expect(condition: unknown, name: string, expected: string): asserts condition {
  if (!condition) throw new TypeError(`Cannot use ${name}: expected ${expected}`)
}

/**
 * Tells whether a value is a text with something in it.
 *
 * @param value Any value.
 * @returns Whether it is.
 */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
