import type { CacheName } from './cacheNames.js'
import type { CredentialSettings } from './CredentialSettings.js'

/** What a person set up: everything that one run depends on, as JSON. */
export interface Settings {
  /** Whether requests go to the emulator, whatever host the authority names. */
  readonly emulated: boolean
  readonly authority: string
  readonly clientId: string
  readonly credential: CredentialSettings
  readonly scopes: readonly string[]
  /** A claims challenge, as JSON text; empty for none. */
  readonly claims: string
  readonly cache: CacheName
  readonly capabilities: readonly string[]
  /** In milliseconds. */
  readonly timeout: number
  readonly maxRetries: number
  /** A region, `auto` to find it out, empty for none. */
  readonly region: string
  /** How far the client's clock is ahead, in minutes. */
  readonly minutesAhead: number
  /** How many equal calls are made at once. */
  readonly calls: number
}
