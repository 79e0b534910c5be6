import type { CacheStore, HttpCache, Logger, WaitUntil } from '@latchkey/core'
import type { ManagedIdentityHost } from './host/ManagedIdentityHost.js'
import type { ManagedIdentity } from './ManagedIdentity.js'

/** A program that runs on Azure, and the identity that it has there: a frozen record without methods. */
export interface ManagedIdentityClient {
  readonly kind: 'managed-identity'
  /** Which identity. */
  readonly identity: ManagedIdentity
  /** Where tokens are kept. */
  readonly cache: CacheStore
  /** Where refusals are kept for a while. */
  readonly httpCache: HttpCache
  /** What sends requests; the runtime's own where undefined. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The time limit of each request in milliseconds, body included. */
  readonly timeout: number
  /** How often a request is sent again. */
  readonly maxRetries: number
  /** The longest wait before a request is sent again, in milliseconds. */
  readonly maxRetryDelay: number
  /** How long a virtual machine's endpoint may be silent before there is held to be none, in milliseconds. */
  readonly detectionTimeout: number
  /** How long it is remembered that there is none, in seconds. */
  readonly unavailableFor: number
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Such as `CP1`: the app can handle claims challenges. */
  readonly clientCapabilities: readonly string[]
  /** Whether Azure Arc's agent may be asked for a user-assigned identity. */
  readonly arcUserAssigned: boolean
  /** Files and TLS, for the sources that need them. */
  readonly host: ManagedIdentityHost
  /** Takes a background refresh, so that an edge runtime keeps it alive. */
  readonly waitUntil?: WaitUntil | undefined
  /** Is told what happens. */
  readonly logger?: Logger | undefined
}

/** The options of {@link createManagedIdentityClient}. */
export interface ManagedIdentityClientOptions {
  /** `systemAssigned()`, `userAssigned(…)`, or what MSAL calls the same in a configuration file, as an object or as JSON. */
  readonly identity: ManagedIdentity | string
  /** Where tokens are kept. Default: in memory, bounded. */
  readonly cache?: CacheStore | undefined
  /** Where refusals are kept for a while: a `Map`, or your own. Default: a new `Map`. */
  readonly httpCache?: HttpCache | undefined
  /** What sends requests; it then has to check Service Fabric's certificate, too. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The time limit of each request in milliseconds, body included. Default 30,000. */
  readonly timeout?: number | undefined
  /** How often a request is sent again after a reset or a status that passes, as each source documents. Default 3; 0 is what MSAL Python does. */
  readonly maxRetries?: number | undefined
  /** The longest wait before a request is sent again, in milliseconds; where the server asks for more, there is no other try. Default 10,000. */
  readonly maxRetryDelay?: number | undefined
  /**
   * How long the endpoint of a virtual machine (IMDS) may be silent before there is held to be none, in milliseconds; `Infinity`
   * for a busy host, where it is waited for as for everything else. Default 1,200.
   */
  readonly detectionTimeout?: number | undefined
  /** How long it is remembered that there is none, in seconds. Default 300, and 0 where `detectionTimeout` is `Infinity`. */
  readonly unavailableFor?: number | undefined
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** The environment variables, which say where the program runs. Default: the runtime's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Such as `["CP1"]`: the app can handle claims challenges. */
  readonly clientCapabilities?: readonly string[] | undefined
  /** Whether Azure Arc's agent may be asked for a user-assigned identity: newer ones know them, and say whose token it is. Default `false`. */
  readonly arcUserAssigned?: boolean | undefined
  /** Files and TLS, for Azure Arc and Service Fabric. Default: those of Node, Deno and Bun. */
  readonly host?: ManagedIdentityHost | undefined
  /** Takes a background refresh, so that an edge runtime keeps it alive. */
  readonly waitUntil?: WaitUntil | undefined
  /** Is told what happens. */
  readonly logger?: Logger | undefined
}
