import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose'
import type { ProofAlgorithm } from '../keys/ProofAlgorithm.js'
import type { ProofNonces } from './proofNonces.js'
import type { ReplayStore } from './memoryReplays.js'

/** A request as an API gets it: a `Request`, or the same parts of another server's. */
export interface ReceivedRequest {
  /** The method. */
  readonly method: string
  /** The absolute URL, as the client called it. */
  readonly url: string
  /** The headers: `Headers`, or names in lower case and values. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
}

/** What both kinds of proof are checked against. */
export interface ProofCheckOptions {
  /** The issuer's keys: its JWK set, or a function such as jose's `createRemoteJWKSet` gives. */
  readonly keys: JSONWebKeySet | JWTVerifyGetKey
  /** Who must have issued the token. */
  readonly issuer: string | string[]
  /** For whom the token must be: this API. */
  readonly audience: string | string[]
  /** The methods that are taken. Default: every one. */
  readonly methods?: readonly string[] | undefined
  /** The URL that the client called, where a proxy changed it. Default: the request's own. */
  readonly url?: string | undefined
  /** What proofs may be signed with. Default: RS256, PS256 and ES256. */
  readonly algorithms?: readonly ProofAlgorithm[] | undefined
  /** How far the time of a proof may be from now, in seconds. Default 300. */
  readonly maxAge?: number | undefined
  /** Nonces that every proof must have one of. Default: none. */
  readonly nonces?: ProofNonces | undefined
  /** Where proofs are kept that were taken. Default: in this process's memory. */
  readonly replays?: ReplayStore | undefined
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** A request whose sender holds the key that its token is bound to. */
export interface VerifiedRequest {
  /** The claims of the token. */
  readonly claims: Readonly<Record<string, unknown>>
  /** The token. */
  readonly accessToken: string
  /** The thumbprint of the key (RFC 7638). */
  readonly keyId: string
  /** What the proof says. */
  readonly proof: Readonly<Record<string, unknown>>
}
