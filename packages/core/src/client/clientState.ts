import type { Endpoints } from '../authority/endpoints.js'
import type { TokenOwner } from '../cache/tokenGroup.js'
import { emptyTelemetry, type Telemetry } from '../http/telemetry.js'
import type { SharedCalls } from '../http/shareCall.js'
import type { Client } from './client.js'

/** Where a client's own tokens come from and go to. */
export interface AppTokens {
  readonly endpoints: Endpoints
  readonly owner: TokenOwner
  /** The owner as look-ups compare it, and the name of its partition. */
  readonly group: string
}

/** What a client remembers between calls; the record itself stays frozen. */
export interface ClientState {
  /** The authority's endpoints, once known. */
  endpoints?: Endpoints | undefined
  /** Where the app's own tokens are, once known. */
  app?: AppTokens
  /** The region that was found out; empty where there is none. */
  region?: string
  /** What the next request tells the server of the last ones. */
  telemetry: Telemetry
  /** The id of calls that need no request: making one for each would cost more than the look-up. */
  readonly correlationId: string
  /** Calls on their way, by what they ask for. */
  readonly calls: SharedCalls
  /** Whether the authority's host knows nothing of realms. */
  hasNoRealms?: boolean
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
    state = { telemetry: emptyTelemetry(), correlationId: crypto.randomUUID(), calls: new Map(), generation: 0 }
    states.set(client, state)
  }
  return state
}
