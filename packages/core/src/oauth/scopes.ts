import { expect, isText } from '../arguments/expect.js'

/** Scopes that the library asks for itself; callers do not name them. */
const reserved: readonly string[] = ['openid', 'profile', 'offline_access']

/**
 * Checks a caller's scopes.
 *
 * @param scopes What the caller gave.
 * @returns The same array.
 * @throws {TypeError} when it is not an array of non-empty strings without spaces, or names a reserved scope.
 */
export function checkScopes(scopes: unknown): readonly string[] {
  const isFine = (scope: unknown): boolean => isText(scope) && !/\s/.test(scope) && !reserved.includes(scope)
  expect(Array.isArray(scopes) && scopes[0] && scopes.every(isFine), 'scopes', `strings, not ${reserved}`)
  return scopes
}

/**
 * Checks a caller's scopes, which may be none where only the sign-in matters, and adds the library's own.
 *
 * @param scopes What the caller gave.
 * @param excluded Those of its own that the library must not ask for.
 * @returns What to ask for.
 * @throws {TypeError} as {@link checkScopes} does.
 */
export function decorateScopes(scopes: readonly string[] = [], excluded: readonly string[] = []): string[] {
  const asked = Array.isArray(scopes) && scopes.length === 0 ? scopes : checkScopes(scopes)
  return [...asked, ...reserved.filter((scope) => !excluded.includes(scope))]
}

/**
 * Writes scopes as one string, in the order of MSAL's cache and requests.
 *
 * @param scopes The scopes.
 * @returns The scopes in code-unit order, each once, with one space between.
 */
export function joinScopes(scopes: readonly string[]): string {
  return [...new Set(scopes)].sort().join(' ')
}

/**
 * Reads a space-separated list.
 *
 * @param text The list.
 * @returns Its parts.
 */
export function splitScopes(text: string): string[] {
  // One scope stays the very text that it was: look-ups then compare no characters.
  return /^\S+$/.test(text) ? [text] : (text.match(/\S+/g) ?? [])
}
