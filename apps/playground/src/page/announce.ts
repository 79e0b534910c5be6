import type { Outcome } from '../scenario/Outcome.js'
import { duration } from './duration.js'

/**
 * Says in one sentence what a run came to, for those who listen to the page.
 *
 * @param outcome The outcome.
 * @returns The sentence.
 */
export function announce({ result, error, exchanges, durationMs, calls }: Outcome): string {
  const requests = exchanges.length === 1 ? 'one request' : `${exchanges.length || 'no'} requests`
  const took = `${duration(durationMs)}, ${requests}`
  if (error) return `Failed: ${error.code}, after ${took}. ${error.explanation ?? error.message}`
  if (!result) return 'Done.'
  const what = calls > 1 ? `${calls} calls got a token` : 'Got a token'
  return `${what} from the ${result.source.replace('_', ' ')} in ${took}.`
}
