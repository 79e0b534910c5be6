/**
 * Reads a body as text, up to a limit.
 *
 * @param body The stream, or null when there is none.
 * @param limit In bytes.
 * @returns The text, or undefined when the body is larger; the rest is not read then.
 */
export async function readBody(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string | undefined> {
  if (!body) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let size = 0
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.byteLength
    if (size > limit) {
      await reader.cancel().catch(() => undefined)
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}
