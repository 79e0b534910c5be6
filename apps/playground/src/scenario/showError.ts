import { explain, isAuthError } from '@latchkey/core'
import type { ShownError } from './Outcome.js'

const members = [
  'error',
  'errorDescription',
  'errorCodes',
  'suberror',
  'classification',
  'claims',
  'status',
  'retryAfter',
  'correlationId',
  'traceId',
  'timestamp',
] as const

/**
 * Makes an error fit to be shown.
 *
 * @param error What was caught.
 * @returns Its code, its message, what the server said, and what to do about it.
 */
export function showError(error: unknown): ShownError {
  if (!isAuthError(error)) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
    return { code: name, message, details: {} }
  }
  const said = members.map((name) => [name, error[name]] as const).filter(([, value]) => value !== undefined)
  return { code: error.code, message: error.message, explanation: explain(error), details: Object.fromEntries(said) }
}
