/** Bytes that WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>

/**
 * Writes bytes as node-forge has them: a character for each.
 *
 * @param bytes The bytes.
 * @returns The text.
 */
export function toBinary(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

/**
 * Reads bytes as node-forge has them.
 *
 * @param text A character for each byte.
 * @returns The bytes.
 */
export function fromBinary(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/**
 * Puts bytes together.
 *
 * @param parts The parts.
 * @returns All of them.
 */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
