import { cacheError } from '../cacheError.js'
import type { Codec } from './Codec.js'
import { documentBytes } from './documentBytes.js'
import { parseCache } from './parseCache.js'
import { isSealed } from './seal.js'

/**
 * Keeps MSAL's JSON as it is, indented as MSAL Python does.
 *
 * @param path The file, for messages.
 * @returns The codec.
 */
export function plainCodec(path: string): Codec {
  const write = documentBytes(4)
  return {
    async decode(bytes) {
      if (isSealed(bytes)) throw encrypted(path)
      return parseCache(bytes)
    },
    encode: async (document) => write(document),
  }
}

/**
 * Makes the error of an encrypted file where a plain one is expected; it is left alone.
 *
 * @param path The file.
 * @returns The error.
 */
export function encrypted(path: string): Error {
  return cacheError('key_missing', `Cannot read ${path}: it is encrypted; give the protection that it was written with`)
}
