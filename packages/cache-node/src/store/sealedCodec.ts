import { cacheError } from '../cacheError.js'
import type { KeyRing } from '../key/KeyRing.js'
import type { Codec } from './Codec.js'
import { documentBytes } from './documentBytes.js'
import { parseCache } from './parseCache.js'
import { isSealed, seal } from './seal.js'

/**
 * Encrypts a cache.
 *
 * @param path The file, for messages.
 * @param keys Where its key is.
 * @returns The codec.
 */
export function sealedCodec(path: string, keys: KeyRing): Codec {
  const { open, close } = seal(path, keys)
  const write = documentBytes(0)
  return {
    async decode(bytes) {
      if (bytes.length === 0) return undefined
      if (!isSealed(bytes) && isPlain(bytes)) throw unencrypted(path)
      return parseCache(await open(bytes))
    },
    encode: async (document) => close(Buffer.concat(write(document))),
  }
}

/**
 * Makes the error of a plain file where an encrypted one is expected: anybody may have written it, so it is left alone.
 *
 * @param path The file.
 * @returns The error.
 */
export function unencrypted(path: string): Error {
  const message = `Cannot use ${path}: it is not encrypted; remove it, choose another path, or ask for protection "none"`
  return cacheError('not_encrypted', message)
}

function isPlain(bytes: Buffer): boolean {
  try {
    return parseCache(bytes) !== undefined
  } catch {
    return false
  }
}
