import type { Client } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import { shareCall } from '../http/shareCall.js'
import { discoverEndpoints } from './discoverEndpoints.js'
import type { Endpoints } from './endpoints.js'
import { knownEndpoints } from './knownEndpoints.js'

/**
 * Gives a client's endpoints: built in, remembered, or asked for once.
 *
 * @param client The client.
 * @param state Its memory.
 * @param signal Ends the waiting.
 * @returns The endpoints; a promise only where the network is needed.
 * @throws {AuthError} as {@link discoverEndpoints} does.
 */
export function endpointsOf(client: Client, state: ClientState, signal?: AbortSignal): Endpoints | Promise<Endpoints> {
  state.endpoints ??= knownEndpoints(client.authority)
  return (
    state.endpoints ??
    shareCall(
      state.calls,
      'endpoints',
      async (signal) => (state.endpoints = await discoverEndpoints(client, signal)),
      signal,
    )
  )
}
