import type { AuthenticationResult } from '@latchkey/core'
import type { Outcome, RecordedExchange } from '../../scenario/Outcome.js'
import { recordExchanges } from '../../scenario/recordExchanges.js'
import { showError } from '../../scenario/showError.js'
import { showResult } from '../../scenario/showResult.js'

/** Runs of a page that acquires tokens itself. */
export interface Runs {
  /** The fetch of the page's client: each run has its own requests. */
  readonly fetch: typeof globalThis.fetch
  /** Does something, and says what it came to. */
  run(work: () => Promise<AuthenticationResult | undefined>): Promise<Outcome>
}

/**
 * Makes the runs of a page.
 *
 * @param send What sends the requests; the page's own by default.
 * @returns The runs.
 */
export function createRuns(send: typeof fetch = (input, init) => fetch(input, init)): Runs {
  let exchanges: RecordedExchange[] = []
  let began = performance.now()
  const elapsed = (): number => performance.now() - began
  const end = (outcome: Pick<Outcome, 'result' | 'error'>): Outcome => ({
    ...{ calls: 1, failed: outcome.error ? 1 : 0, durationMs: elapsed(), inBackground: false, exchanges },
    ...outcome,
  })
  return {
    fetch: recordExchanges(send, elapsed, (exchange) => exchanges.push(exchange)),
    async run(work) {
      exchanges = []
      began = performance.now()
      try {
        const result = await work()
        return end({ result: result && showResult(result) })
      } catch (error) {
        return end({ error: showError(error) })
      }
    },
  }
}
