import { expect } from '../arguments/expect.js'

/** Scopes that the library asks for itself; callers do not name them. */
const reserved = ['openid', 'profile', 'offline_access']

/**
 * Checks a caller's scopes.
 *
 * @param scopes What the caller gave.
 * @returns The same array.
 * @throws {TypeError} when it is not an array of non-empty strings without spaces, or names a reserved scope.
 */
export function checkScopes(scopes: unknown): readonly string[] {
  expect(Array.isArray(scopes) && scopes.length, 'scopes', 'a non-empty array of strings')
  for (const scope of scopes) {
    expect(typeof scope === 'string' && /^\S+$/.test(scope), 'scopes', 'strings without spaces')
    expect(!reserved.includes(scope), 'scopes', `none of the reserved ${reserved}`)
  }
  return scopes
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
