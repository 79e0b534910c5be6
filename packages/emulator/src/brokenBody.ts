type Bytes = Uint8Array<ArrayBuffer>

/**
 * Makes a body that breaks after its first bytes.
 *
 * @param bytes What arrives.
 * @returns The stream; it errors with a TypeError, as a fetch body does when the connection is lost.
 */
export function brokenBody(bytes: Bytes): ReadableStream<Bytes> {
  return afterFirst(bytes, (controller) => controller.error(new TypeError('terminated')))
}

/**
 * Makes a body that stands still after its first bytes.
 *
 * @param bytes What arrives.
 * @param signal Ends the wait: the stream errors with its reason.
 * @returns The stream.
 */
export function stalledBody(bytes: Bytes, signal: AbortSignal | undefined): ReadableStream<Bytes> {
  return afterFirst(bytes, (controller) => {
    if (signal?.aborted) controller.error(signal.reason)
    return new Promise((resolve) => {
      signal?.addEventListener('abort', () => {
        controller.error(signal.reason)
        resolve()
      })
    })
  })
}

/**
 * Makes a long JSON body, produced as it is read.
 *
 * @param length In bytes, roughly.
 * @returns The stream.
 */
export function hugeBody(length: number): ReadableStream<Bytes> {
  const encoder = new TextEncoder()
  const chunk = encoder.encode('A'.repeat(65_536))
  let left = Math.ceil(length / chunk.length)
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode('{"token_type":"Bearer","access_token":"')),
    pull(controller) {
      if (left-- > 0) return controller.enqueue(chunk.slice())
      controller.enqueue(encoder.encode('"}'))
      controller.close()
    },
  })
}

/** The stream is read one chunk at a time: an error drops what is still queued. */
function afterFirst(
  bytes: Bytes,
  then: (controller: ReadableStreamDefaultController<Bytes>) => void | Promise<void>,
): ReadableStream<Bytes> {
  let isFirst = true
  return new ReadableStream(
    {
      pull(controller) {
        if (!isFirst || bytes.length === 0) return then(controller)
        isFirst = false
        controller.enqueue(bytes)
      },
    },
    { highWaterMark: 0 },
  )
}
