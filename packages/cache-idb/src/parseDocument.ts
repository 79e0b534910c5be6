import type { CacheDocument } from '@latchkey/core'
import { isObject, parseObject } from '@latchkey/core/internal'

const sections = ['AccessToken', 'RefreshToken', 'IdToken', 'Account', 'AppMetadata']

/**
 * Reads a document.
 *
 * @param text Its JSON.
 * @returns The document, nobody else's.
 * @throws {Error} when it is none.
 */
export function parseDocument(text: string): CacheDocument {
  const document = parseObject(text)
  if (!document) throw new Error('There is no JSON object')
  for (const [name, section] of Object.entries(document))
    if (sections.includes(name) && !isObject(section)) throw new Error('A section is not a JSON object')
  return document as CacheDocument
}
