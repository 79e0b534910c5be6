import type { CacheDocument } from '../ports/cacheStore.js'

/**
 * Tells whether nothing is left in a document.
 *
 * @param document The document.
 * @returns Whether all its sections are empty.
 */
export function isEmpty(document: CacheDocument): boolean {
  return Object.values(document).every((section) => Object.keys(section!).length === 0)
}
