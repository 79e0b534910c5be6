import type { CacheDocument } from '@latchkey/core'
import { isObject, parseObject } from '@latchkey/core/internal'
import { damaged } from './record.js'

const sections = ['AccessToken', 'RefreshToken', 'IdToken', 'Account', 'AppMetadata']

/**
 * Reads a document.
 *
 * @param text Its JSON.
 * @returns The document, nobody else's.
 * @throws {AuthError} `cache_corrupt` when it is none.
 */
export function parseDocument(text: string): CacheDocument {
  const document = parseObject(text)
  if (!document) throw damaged('a value holds no JSON object')
  for (const [name, section] of Object.entries(document))
    if (sections.includes(name) && !isObject(section)) throw damaged('a section of a value is not a JSON object')
  return document as CacheDocument
}
