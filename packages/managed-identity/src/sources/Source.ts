import type { HttpResponse } from '@latchkey/core/internal'
import type { UserAssignedKind } from '../ManagedIdentity.js'
import type { ManagedIdentityClient } from '../ManagedIdentityClient.js'

/** Where a program's own identity comes from. */
export type ManagedIdentitySource =
  | 'serviceFabric'
  | 'appService'
  | 'machineLearning'
  | 'azureArc'
  | 'cloudShell'
  | 'imds'

/** What an endpoint said instead of a token. */
export interface Refusal {
  readonly error?: string | undefined
  readonly errorDescription?: string | undefined
}

/** A GET to an endpoint, before it is known how the identity is named. */
export interface SourceRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** What is in no message: it may come back in an answer. */
  readonly secret?: string | undefined
}

/** How one source is asked, and how its answers are read. */
export interface Source {
  readonly name: ManagedIdentitySource
  readonly apiVersion: string
  /** How user-assigned identities are named; absent where the source has only its own. */
  readonly idParameters?: Readonly<Record<UserAssignedKind, string>>
  /** The statuses after which the same request makes sense again. */
  readonly passing: RegExp
  /** Whether it takes the hash of a revoked token, and the app's capabilities. */
  readonly takesRevocations?: boolean
  /** Whether an identity must come back in the answer, and not only be no other. */
  readonly mustEcho?: boolean
  /** Makes the request. */
  request(client: ManagedIdentityClient): SourceRequest
  /** Reads a refusal. */
  refusal(answer: { readonly text: string; readonly json: Readonly<Record<string, unknown>> | undefined }): Refusal
  /** Sends the request in a way of its own. */
  send?(
    client: ManagedIdentityClient,
    request: SourceRequest,
    send: (request: SourceRequest) => Promise<HttpResponse>,
  ): Promise<HttpResponse>
  /** Replaces the client's fetch. */
  fetch?(client: ManagedIdentityClient): typeof globalThis.fetch | undefined
}
