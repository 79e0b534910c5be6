import type { RecordedExchange } from './Outcome.js'
import { readAssertion } from './readAssertion.js'
import { redactForm, redactHeaders, redactResponse } from './redact.js'

/** As much of a body as is shown, in characters. */
const longestText = 16_384

/**
 * Wraps a fetch so that every exchange is recorded, its body included, as it passes by.
 *
 * @param send What sends the requests.
 * @param elapsed Gives the time since the run began, in ms.
 * @param record Is given each exchange when it begins; the entry is completed later.
 * @returns A fetch for a client.
 */
export function recordExchanges(
  send: typeof fetch,
  elapsed: () => number,
  record: (exchange: RecordedExchange) => void,
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const form = new URLSearchParams(typeof init?.body === 'string' ? init.body : '')
    const exchange: RecordedExchange = {
      method: request.method,
      url: request.url,
      requestHeaders: redactHeaders(request.headers),
      form: redactForm(form),
      assertion: readAssertion(form.get('client_assertion') ?? ''),
      startedAt: elapsed(),
    }
    record(exchange)
    const end = (text: string, failure?: unknown): void => {
      exchange.durationMs ??= elapsed() - exchange.startedAt
      exchange.responseText ??= redactResponse(text.slice(0, longestText))
      if (failure !== undefined) exchange.failure ??= describe(failure)
    }
    try {
      const response = await send(input, init)
      const { status, headers, body, type } = response
      exchange.status = status
      exchange.responseHeaders = redactHeaders(headers)
      if (type === 'opaqueredirect') exchange.failure = 'a redirect, which is not followed'
      if (body) return new Response(watch(body, end), { status, headers })
      end('')
      return response
    } catch (error) {
      end('', error)
      throw error
    }
  }
}

function watch(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  end: (text: string, failure?: unknown) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          end(text)
          controller.close()
          return
        }
        if (text.length < longestText) text += decoder.decode(value, { stream: true })
        controller.enqueue(value)
      } catch (error) {
        end(text, error)
        controller.error(error)
      }
    },
    async cancel(reason) {
      end(text, 'given up by the client')
      await reader.cancel(reason)
    },
  })
}

function describe(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure)
  const { message, cause } = failure
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}
