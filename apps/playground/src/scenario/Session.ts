import type { Outcome, ShownCache } from './Outcome.js'
import type { Settings } from './Settings.js'

/** What the page asks of the place where Latchkey runs: the page itself, or the server. */
export interface Session {
  /** Acquires a token as the settings say. */
  run(settings: Settings, signal: AbortSignal): Promise<Outcome>
  /** Removes the client's own tokens from its cache. */
  removeTokens(settings: Settings): Promise<Outcome>
  /** Forgets caches, refusals and the client. */
  startOver(settings: Settings): Promise<ShownCache>
  /** Reads the cache that the settings name. */
  readCache(settings: Settings): Promise<ShownCache>
  /** Loads an edited JSON text into the serializable cache. */
  loadCache(settings: Settings, json: string): Promise<Outcome>
}
