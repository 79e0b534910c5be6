import type { CacheDocument } from '@latchkey/core'
import { isObject, parseObject } from '@latchkey/core/internal'
import { Damaged } from './Codec.js'
import { checkJson } from './jsonValue.js'

const sections: readonly string[] = ['AccessToken', 'RefreshToken', 'IdToken', 'Account', 'AppMetadata']

/**
 * Reads the text of a cache.
 *
 * @param bytes UTF-8, with a byte order mark or without.
 * @returns The document; `undefined` for nothing at all.
 * @throws {Damaged} where it is something else.
 */
export function parseCache(bytes: Uint8Array): CacheDocument | undefined {
  const text = decodeText(bytes)
  if (text.trim() === '') return undefined
  const document = parseObject(text)
  if (!document) throw new Damaged('is not a JSON object')
  return checkSections(document)
}

/**
 * Checks that a value has the form of a cache.
 *
 * @param value A JSON value.
 * @returns The document.
 * @throws {Damaged} where it has not.
 */
export function checkSections(value: unknown): CacheDocument {
  if (!isObject(value)) throw new Damaged('holds no JSON object')
  for (const name of sections)
    if (Object.hasOwn(value, name) && !isObject(value[name]))
      throw new Damaged(`has a section ${name} that is no object`)
  try {
    checkJson(value)
  } catch (error) {
    throw new Damaged((error as Error).message)
  }
  return value as CacheDocument
}

/**
 * Reads a text.
 *
 * @param bytes UTF-8.
 * @returns The text.
 * @throws {Damaged} where it is not.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Damaged('is not UTF-8')
  }
}
