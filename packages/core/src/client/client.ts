import type { Account } from '../Account.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { Authority } from '../authority/parseAuthority.js'
import type { HttpCache } from '../http/httpCache.js'
import type { BrokerInteractiveRequest, BrokerSilentRequest } from '../ports/broker.js'
import type { CacheStore } from '../ports/cacheStore.js'
import type { ClientCredential } from '../ports/clientCredential.js'

/** What both kinds of client hold: a frozen record without methods. */
export interface ClientRecord {
  /** The app's client id. */
  readonly clientId: string
  /** Who issues the tokens. */
  readonly authority: Authority
  /** Whether an unknown host is asked about at Microsoft's instance discovery before it is used. */
  readonly instanceDiscovery: boolean
  /** Where tokens are kept. */
  readonly cache: CacheStore
  /** Where refusals and discovery documents are kept for a while. */
  readonly httpCache: HttpCache
  /** What sends requests; the runtime's own where undefined. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The time limit of each request in milliseconds, body included. */
  readonly timeout: number
  /** How often a request that may be repeated is sent again. */
  readonly maxRetries: number
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number
  /** The environment variables that the library may read. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The application's name in request headers. */
  readonly appName?: string | undefined
  /** The application's version in request headers. */
  readonly appVersion?: string | undefined
  /** Such as `CP1`: the app can handle claims challenges. */
  readonly clientCapabilities: readonly string[]
  /** Scopes that the library would ask for itself and must not. */
  readonly excludeScopes: readonly string[]
  /** Takes a background refresh, so that an edge runtime keeps it alive. */
  readonly waitUntil?: WaitUntil | undefined
  /** Checks the signature of ID tokens. */
  readonly verifyIdToken?: IdTokenVerifier | undefined
  /** Is told what happens. */
  readonly logger?: Logger | undefined
  /** Whether the logger may be told names of people. */
  readonly logPii?: boolean | undefined
}

/** An app that keeps no secret: desktop, command line, single page. */
export interface PublicClient extends ClientRecord {
  readonly kind: 'public'
  /** The operating system's sign-in, where the app wants it. */
  readonly broker?: Broker | undefined
}

/** An app that proves who it is: a server, a daemon, an edge function. */
export interface ConfidentialClient extends ClientRecord {
  readonly kind: 'confidential'
  /** The proof. */
  readonly credential: ClientCredential
  /** The region of the token service, or whether to find it out. */
  readonly azureRegion?: string | boolean | undefined
  /** A confidential client has no broker. */
  readonly broker?: never
}

/** Either kind of client. */
export type Client = PublicClient | ConfidentialClient

/**
 * The operating system's own sign-in. Core asks it first; it says itself when it is not the one to ask, and what was got it keeps in the
 * client's cache.
 */
export interface Broker {
  /** Its name in events and errors. */
  readonly name: string
  /**
   * Tells whether it can be used here, and for this client.
   *
   * @param client The client.
   * @returns `true` where it can.
   */
  isAvailable(client: Client): boolean | Promise<boolean>
  /**
   * Gets a token without showing anything.
   *
   * @param client The client.
   * @param request What is asked for.
   * @returns The token; `undefined` where the sign-in is to go on without the broker.
   */
  acquireTokenSilent(client: Client, request: BrokerSilentRequest): Promise<AuthenticationResult | undefined>
  /**
   * Gets a token with the broker's own window.
   *
   * @param client The client.
   * @param request What is asked for, and the window to stand on.
   * @returns The token; `undefined` where the sign-in is to go on without the broker.
   */
  acquireTokenInteractive(client: Client, request: BrokerInteractiveRequest): Promise<AuthenticationResult | undefined>
  /**
   * Signs a user out of the app; a broker that fails says so to the client's logger only.
   *
   * @param client The client.
   * @param account The user.
   * @returns When it is done.
   */
  removeAccount(client: Client, account: Account): Promise<void>
}

/** Keeps a promise alive after the response was sent, as the edge runtimes' `waitUntil` does. */
export type WaitUntil = (promise: Promise<unknown>) => void

/** Checks an ID token beyond its claims; rejects where it is not to be trusted. */
export type IdTokenVerifier = (context: {
  readonly client: Client
  /** The raw token. */
  readonly idToken: string
  /** Where the authority's keys are. */
  readonly jwksUri: string
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}) => void | Promise<void>

/** Is told what happens; never holds a secret. */
export type Logger = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  details?: Readonly<Record<string, unknown>>,
) => void

/** The options of both kinds of client. */
export interface ClientOptions {
  /** The app's client id. */
  readonly clientId: string
  /** Who issues the tokens: an https URL, or what `entraAuthority` returns. Default `https://login.microsoftonline.com/common`. */
  readonly authority?: string | undefined
  /** An OpenID Connect issuer, in place of `authority`. */
  readonly oidcAuthority?: string | undefined
  /** `false` for a host that Microsoft does not know and you do. Default `true`. */
  readonly validateAuthority?: boolean | undefined
  /** `false` to never ask Microsoft about a host. Default `true`. */
  readonly instanceDiscovery?: boolean | undefined
  /** Where tokens are kept. Default: in memory, bounded. */
  readonly cache?: CacheStore | undefined
  /** Where refusals and discovery documents are kept for a while: a `Map`, or your own. Default: a new `Map`. */
  readonly httpCache?: HttpCache | undefined
  /** What sends requests, such as one that goes through a proxy. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The time limit of each request in milliseconds, body included. Default 30,000. */
  readonly timeout?: number | undefined
  /** How often a request is sent again after a reset or a 500, 502, 503 or 504. Default 1; 0 is what MSAL does. */
  readonly maxRetries?: number | undefined
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** The environment variables that may be read. Default: the runtime's own, where it has them. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** The application's name, sent as `x-app-name`. */
  readonly appName?: string | undefined
  /** The application's version, sent as `x-app-ver`. */
  readonly appVersion?: string | undefined
  /** Such as `["CP1"]`: the app can handle claims challenges. */
  readonly clientCapabilities?: readonly string[] | undefined
  /** Scopes that the library would ask for itself and must not; never `openid`. */
  readonly excludeScopes?: readonly string[] | undefined
  /** Takes a background refresh, so that an edge runtime keeps it alive; may be given per call instead. */
  readonly waitUntil?: WaitUntil | undefined
  /** Checks the signature of ID tokens, such as {@link verifyIdTokenSignature}. Default: none, as the token endpoint's TLS vouches for them. */
  readonly verifyIdToken?: IdTokenVerifier | undefined
  /** Is told what happens. */
  readonly logger?: Logger | undefined
  /** Whether the logger may be told names of people. Default `false`. */
  readonly logPii?: boolean | undefined
}

/** The options of a public client. */
export interface PublicClientOptions extends ClientOptions {
  /** The operating system's sign-in, such as `windowsBroker()`. */
  readonly broker?: Broker | undefined
  /** A public client has no credential. */
  readonly credential?: never
  /** Only app tokens are regional. */
  readonly azureRegion?: never
}

/** The options of a confidential client. */
export interface ConfidentialClientOptions extends ClientOptions {
  /** The proof, such as `clientSecret(env.CLIENT_SECRET)`. */
  readonly credential: ClientCredential
  /** A region such as `westus2`, `true` to find it out, `false` to ignore `MSAL_FORCE_REGION`. */
  readonly azureRegion?: string | boolean | undefined
  /** A confidential client has no broker. */
  readonly broker?: never
}
