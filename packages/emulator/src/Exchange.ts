import type { Directory } from './directory.js'
import type { Memory } from './memory.js'
import type { Binding } from './proof/Binding.js'
import type { Signing } from './signing.js'

/** What every endpoint needs of the emulator that it belongs to. */
export interface Service {
  readonly directory: Directory
  readonly signing: Signing
  readonly memory: Memory
  /** Lifetime of access tokens, in seconds. */
  readonly tokenLifetime: number
  /** `refresh_in` of token answers, in seconds; none is sent when undefined. */
  readonly refreshIn?: number | undefined
  /** Lifetime of refresh tokens, in seconds. */
  readonly refreshTokenLifetime: number
  /** What a refresh does to the refresh token. */
  readonly refreshTokenRotation: 'keep' | 'revoke' | 'off'
  /** Lifetime of device codes, in seconds. */
  readonly deviceCodeLifetime: number
  /** What devices are told to wait between two polls, in seconds. */
  readonly deviceCodeInterval: number
  /** Whether a device that polls faster is told to slow down. */
  readonly slowDown: boolean
  /** Whether every proof of possession must carry a nonce of this server. */
  readonly proofNonces: boolean
  /** The folder that Azure Arc's challenges name. */
  readonly arcKeyFolder: string
  /** Writes a key file. */
  readonly writeArcKey?: ((path: string, key: string) => void | Promise<void>) | undefined
  /** Whether Azure Arc's agent knows user-assigned identities. */
  readonly arcUserAssigned: boolean
  /** Whether pages cut themselves off from the page that opened them. */
  readonly coop: boolean
}

/** One request under way, read once. */
export interface Exchange {
  readonly request: Request
  readonly url: URL
  /** The form of the body; empty when the body is not a form. */
  readonly form: URLSearchParams
  /** The body as text. */
  readonly body: string
  /** The `Origin` header; undefined where the runtime does not let anybody see it. */
  readonly origin: string | null | undefined
  /** The caller's `client-request-id`, or a new one. */
  readonly correlationId: string
  readonly traceId: string
  /** The emulator's clock in ms since the epoch, with the skew of a clock-skew fault. */
  readonly now: number
  /** At the token endpoint: what the token is to be bound to. */
  readonly binding?: Binding | undefined
}
