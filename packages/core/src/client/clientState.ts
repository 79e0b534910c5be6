import type { Endpoints } from '../authority/endpoints.js'
import { emptyTelemetry, type Telemetry } from '../http/telemetry.js'
import type { SharedCalls } from './shareCall.js'
import type { Client } from './client.js'

/** What a client remembers between calls; the record itself stays frozen. */
export interface ClientState {
  /** The authority's endpoints, once known. */
  endpoints?: Endpoints | undefined
  /** The group of the app's own tokens, once known. */
  appGroup?: string
  /** The region that was found out; empty where there is none. */
  region?: string
  telemetry: Telemetry
  /** Calls on their way, by what they ask for. */
  readonly calls: SharedCalls
  /** Counts removals, so that an answer on its way cannot bring back what was removed. */
  generation: number
}

const states = /* @__PURE__ */ new WeakMap<Client, ClientState>()

/**
 * Gives a client's memory.
 *
 * @param client The client.
 * @returns Its state; the same object each time.
 */
export function stateOf(client: Client): ClientState {
  let state = states.get(client)
  if (!state) {
    state = { telemetry: emptyTelemetry(), calls: new Map(), generation: 0 }
    states.set(client, state)
  }
  return state
}
