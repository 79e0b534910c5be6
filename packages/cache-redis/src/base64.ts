/**
 * Writes bytes as text.
 *
 * @param bytes The bytes.
 * @returns base64.
 */
export function encode(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}

/**
 * Reads bytes back.
 *
 * @param text What {@link encode} gave.
 * @returns The bytes.
 * @throws {DOMException} when it is not base64.
 */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  // Uint8Array.from with a function takes ten times as long.
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
