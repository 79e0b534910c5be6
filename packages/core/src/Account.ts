/** A signed-in user, as the cache knows it; pass it back to `acquireTokenSilent` and `removeAccount`. */
export interface Account {
  /** The user across tenants: `uid.utid`. */
  readonly homeAccountId: string
  /** The authority's host. */
  readonly environment: string
  /** The sign-in name; may be empty and may change, so never a key. */
  readonly username: string
  /** The user's object id in {@link Account.realm}. */
  readonly localAccountId?: string | undefined
  /** The tenant that this entry was signed in to. */
  readonly realm: string
  /** `MSSTS`, `ADFS`, `Generic` or `CLOUDSHELL`. */
  readonly authorityType: string
  /** The grant that signed the user in. */
  readonly accountSource?: string | undefined
}
