import type { AuthorizationServer } from 'oauth4webapi'

/** Where an authority takes requests; of its metadata, the token endpoint is checked and the rest is as the server wrote it. */
export interface Endpoints {
  /** What the authority says of itself. */
  readonly metadata: AuthorizationServer & { readonly token_endpoint: string }
  /** The first path segment of the token endpoint: the cache's `realm`. */
  readonly tenant: string
}
