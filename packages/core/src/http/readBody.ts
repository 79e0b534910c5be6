import { AuthError } from '../AuthError.js'

/**
 * Reads a body to its end, or to the limit.
 *
 * @param body The body; it is used up.
 * @returns The text.
 * @throws {AuthError} `invalid_response` when it is larger than 1 MiB.
 */
export async function readBody(body: ReadableStream<Uint8Array<ArrayBuffer>> | null): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const reader = body?.getReader()
  for (let left = 2 ** 20; ;) {
    const { done, value } = (await reader?.read()) ?? { done: true }
    if (done) return new Blob(chunks).text()
    chunks.push(value)
    left -= value.byteLength
    if (left < 0) {
      reader!.cancel().catch(() => {})
      throw new AuthError('invalid_response', 'Cannot read over 1 MiB')
    }
  }
}
