import { AuthError } from '../AuthError.js'

/** No answer that a client needs is larger, in bytes. */
const limit = 1024 * 1024

/**
 * Reads a body to its end, or to the limit.
 *
 * @param body The body; it is used up.
 * @returns The text.
 * @throws {AuthError} `invalid_response` when it is larger than 1 MiB.
 */
export async function readBody(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (!body) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let left = limit; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    left -= value.byteLength
    if (left < 0) {
      reader.cancel().catch(() => {})
      throw new AuthError('invalid_response', 'Cannot read a response over 1 MiB')
    }
    text += decoder.decode(value, { stream: true })
  }
}
