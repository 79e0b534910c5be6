import { createHash, createSecretKey, type KeyObject } from 'node:crypto'

/** A key, and the name by which a file says that it is the one. */
export interface SecretKey {
  /** 16 hex digits; says nothing of the key. */
  readonly id: string
  readonly key: KeyObject
}

/** How many bytes a key has. */
export const KEY_BYTES = 32

/**
 * Makes a key of its bytes, which are copied.
 *
 * @param bytes 32 of them.
 * @returns The key; printing it does not show it.
 */
export function secretKey(bytes: Uint8Array): SecretKey {
  const id = createHash('sha256').update('latchkey cache key id\0').update(bytes).digest('hex').slice(0, 16)
  return { id, key: createSecretKey(bytes) }
}

/**
 * Reads a key from a text or a file.
 *
 * @param input 32 bytes, or their base64, base64url or hex with white space around.
 * @returns The bytes; `undefined` where it is something else.
 */
export function parseKey(input: Uint8Array | string): Uint8Array | undefined {
  if (typeof input !== 'string' && input.length === KEY_BYTES) return Uint8Array.from(input)
  const text = (typeof input === 'string' ? input : Buffer.from(input).toString('latin1')).trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'))
  return /^[\w+/-]{43}=?$/.test(text) ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined
}
