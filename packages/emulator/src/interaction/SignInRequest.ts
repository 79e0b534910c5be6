import type { App } from '../App.js'
import type { ClaimsRequest } from '../claimsRequest.js'
import type { TenantPath } from '../tenantPath.js'

/** What a sign-in is for. */
export interface SignInRequest {
  readonly client: App
  readonly path: TenantPath
  /** The scope parameter: what it means depends on the tenant, and so on who signs in. */
  readonly scope: string
  /** The values of `prompt`. */
  readonly prompts: ReadonlySet<string>
  readonly loginHint?: string | undefined
  /** `consumers`, `organizations` or a domain. */
  readonly domainHint?: string | undefined
  /** How long ago the user may have signed in, in seconds. */
  readonly maxAge?: number | undefined
  readonly claims: ClaimsRequest
}
