import type { AuthenticationResult } from '../AuthenticationResult.js'
import { tokenResult } from '../cache/accessToken.js'
import type { Lookup } from '../cache/findAccessToken.js'
import type { Client, WaitUntil } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import { abortable } from '../http/abortable.js'
import type { CacheRefreshReason } from '../http/telemetry.js'
import { isEdge } from '../runtime/environment.js'
import type { BindingOptions } from './CallOptions.js'

/** What every operation takes that looks into the cache first. */
export interface CacheFirstOptions extends BindingOptions {
  /** The id that ties this call to the server's logs. Default: a new UUID for each request, the client's own for a cache hit. */
  readonly correlationId?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
  /** Takes a background refresh, so that an edge runtime keeps it alive. */
  readonly waitUntil?: WaitUntil | undefined
}

/**
 * Gives what the cache has, and goes to the network where that is nothing or due for refresh.
 *
 * @param client The client.
 * @param state What the client remembers between calls.
 * @param lookup What the cache has.
 * @param request Gets a token over the network.
 * @param options The caller's own.
 * @returns The token; an old one at once while one refresh runs, unless the runtime would cut that off.
 */
export function cacheFirst(
  client: Client,
  state: ClientState,
  { reason, token }: Lookup,
  request: (reason: CacheRefreshReason, signal?: AbortSignal) => Promise<AuthenticationResult>,
  { correlationId = state.correlationId, signal, waitUntil = client.waitUntil }: CacheFirstOptions,
): AuthenticationResult | Promise<AuthenticationResult> {
  if (!token) return request(reason, signal)
  const cached = tokenResult(token, 'cache', correlationId)
  if (!reason) state.telemetry.hits++
  else {
    const refresh = request(reason).catch((error: unknown) => {
      client.logger?.('warn', `Cannot refresh: ${error}`)
      return cached
    })
    if (!waitUntil && isEdge()) return abortable(refresh, signal)
    waitUntil?.(refresh)
  }
  return cached
}
