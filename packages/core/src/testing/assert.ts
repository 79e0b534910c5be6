import type { CacheDocument } from '../ports/cacheStore.js'

/**
 * Fails a case.
 *
 * @param condition What must hold.
 * @param message What was promised.
 * @throws {Error} when it does not hold.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/**
 * Compares documents as JSON, in whatever order their names are.
 *
 * @param actual What a store gave.
 * @param expected What it should have given.
 * @param message What was promised.
 * @throws {Error} showing both, shortened, when they differ.
 */
export function assertSame(actual: unknown, expected: unknown, message: string): void {
  const [found, wanted] = [canonical(actual), canonical(expected)]
  assert(found === wanted, `${message}\n  expected ${shorten(wanted)}\n  got      ${shorten(found)}`)
}

/**
 * Tells whether there is nothing in a document: a store may return it or `undefined`.
 *
 * @param document What a store gave.
 * @returns Whether it is empty.
 */
export function isEmpty(document: CacheDocument | undefined): boolean {
  return Object.values(document ?? {}).every((section) => Object.keys(section ?? {}).length === 0)
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical((value as never)[name])}`).join()}}`
}

function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text
}
