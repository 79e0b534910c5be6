/** Why a token was asked for over the network: 0 not silent, 1 forced, 2 none cached, 3 expired, 4 due for refresh. */
export type CacheRefreshReason = 0 | 1 | 2 | 3 | 4

/** What the next request tells the server of the calls before it. */
export interface Telemetry {
  hits: number
  /** Operation and id of each failed call, one after the other. */
  readonly calls: (number | string)[]
  readonly errors: string[]
}

/**
 * Makes the two headers that Entra counts cache use and failures by.
 *
 * @param telemetry What happened before.
 * @param api The number of the operation.
 * @param reason Why the network is used.
 * @returns The headers.
 */
export function telemetryHeaders(
  telemetry: Telemetry,
  api: number,
  reason: CacheRefreshReason,
): Record<string, string> {
  const { hits, calls, errors } = telemetry
  return {
    'x-client-current-telemetry': `4|${api},${reason}|`,
    'x-client-last-telemetry': `4|${hits}|${calls}|${errors}|`,
  }
}

/**
 * Notes a failed call, while the header has room for it.
 *
 * @param telemetry Where to note it.
 * @param api The number of the operation.
 * @param correlationId The call's id.
 * @param error The server's `error`.
 */
export function recordFailure({ calls, errors }: Telemetry, api: number, correlationId: string, error: string): void {
  const name = error.replace(/[^\w.-]/g, '')
  if (`,${calls},${errors},${api},${correlationId},${name}`.length > 349) return
  calls.push(api, correlationId)
  errors.push(name)
}

/**
 * Forgets what the server has now been told.
 *
 * @returns What to tell next: nothing yet.
 */
export function emptyTelemetry(): Telemetry {
  return { hits: 0, calls: [], errors: [] }
}
