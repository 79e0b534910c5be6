/** A domain whose users sign in at their organisation's own server, which the emulator plays, too. */
export interface FederatedDomain {
  /** The domain name that usernames end with. */
  readonly domain: string
  /** The versions of WS-Trust that the server offers. @default both */
  readonly wsTrust?: readonly ('1.3' | '2005')[] | undefined
  /** The version of the assertions that it issues. @default '1.1' */
  readonly saml?: '1.1' | '2.0' | undefined
  /** Whether the user realm names a metadata document; otherwise, the endpoint alone. @default true */
  readonly hasMetadata?: boolean | undefined
}

/** A tenant of the emulated cloud. */
export interface Tenant {
  /** The tenant ID, a GUID. */
  readonly id: string
  /** Its domain names; the first is the default one. */
  readonly domains?: readonly string[] | undefined
  /** The name shown to people. */
  readonly name?: string | undefined
  /** `b2c` for Azure AD B2C, `ciam` for an external tenant of Entra External ID. @default 'workforce' */
  readonly kind?: 'workforce' | 'b2c' | 'ciam' | undefined
  /** B2C: its policies (user flows). */
  readonly policies?: readonly string[] | undefined
  /** B2C: whether issuers name the tenant only, or tenant and policy after `/tfp`. @default 'tenant' */
  readonly issuerForm?: 'tenant' | 'tfp' | undefined
  /** Domains whose users sign in elsewhere. */
  readonly federatedDomains?: readonly FederatedDomain[] | undefined
}
