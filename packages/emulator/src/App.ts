import type { JWK } from 'jose'

/** A client secret of an app. */
export interface AppSecret {
  /** The secret itself, as the client sends it. */
  readonly value: string
  /** ms since the epoch; never expires when undefined. */
  readonly expiresAt?: number | undefined
}

/** Somebody else who vouches for an app: a workload identity federation. */
export interface FederatedIdentity {
  /** `iss` of the assertion; tokens of this emulator's managed identities have the tenant's. */
  readonly issuer: string
  /** `sub` of the assertion: a managed identity's object ID, a service account, a repository. */
  readonly subject: string
  /** `aud` of the assertion. @default 'api://AzureADTokenExchange' */
  readonly audience?: string | undefined
  /** The issuer's public keys, where it is not this emulator. */
  readonly keys?: readonly JWK[] | undefined
}

/** What kind of program a redirect URI belongs to: it decides how codes sent there can be redeemed. */
export type RedirectKind = 'web' | 'spa' | 'publicClient'

/** The redirect URIs of an app. The port of `http://localhost` and `http://127.0.0.1` is not compared. */
export interface RedirectUris {
  /** Of a web server: its codes are redeemed with the app's credential. */
  readonly web?: readonly string[] | undefined
  /** Of a page: its codes are redeemed by cross-origin requests, with PKCE and without a credential. */
  readonly spa?: readonly string[] | undefined
  /** Of a desktop or mobile app: its codes are redeemed without a credential. */
  readonly publicClient?: readonly string[] | undefined
}

/** A delegated permission that an API exposes. */
export interface ApiScope {
  /** Its name, such as `User.Read`. */
  readonly value: string
  /** What the consent page says of it. */
  readonly description?: string | undefined
  /** Only an administrator can consent to it. */
  readonly needsAdmin?: boolean | undefined
}

/** An app registration: a client, an API, or both. */
export interface App {
  /** The application (client) ID, a GUID. */
  readonly clientId: string
  /** The tenant that it is registered in. */
  readonly tenantId: string
  /** The name shown to people. */
  readonly name?: string | undefined
  /** Other tenants that have it installed; `'*'` for one that every tenant has. */
  readonly installedIn?: readonly string[] | '*' | undefined
  /** Client secrets; each that has not expired is accepted. */
  readonly secrets?: readonly AppSecret[] | undefined
  /** X.509 certificates in PEM. */
  readonly certificates?: readonly string[] | undefined
  /** Public keys, found by their `kid`. */
  readonly publicKeys?: readonly JWK[] | undefined
  /** Others who vouch for it. */
  readonly federatedCredentials?: readonly FederatedIdentity[] | undefined
  /** A public client: needs no credential, and refuses every one. */
  readonly isPublic?: boolean | undefined
  /** Refuses every sign-in. */
  readonly isDisabled?: boolean | undefined
  /** Where sign-ins may return to. */
  readonly redirectUris?: RedirectUris | undefined
  /** As an API: the identifier URIs that scopes start with. */
  readonly identifierUris?: readonly string[] | undefined
  /** As an API: the version of the access tokens that it accepts. @default 2 */
  readonly accessTokenVersion?: 1 | 2 | undefined
  /** As an API: the delegated permissions that it exposes. */
  readonly scopes?: readonly ApiScope[] | undefined
  /** Application permissions granted to it: the API's client ID → roles. */
  readonly roles?: Readonly<Record<string, readonly string[]>> | undefined
  /** Delegated permissions that it is registered for, which `.default` asks for: the API's client ID → scopes. */
  readonly permissions?: Readonly<Record<string, readonly string[]>> | undefined
  /** An administrator of each tenant has consented to its `permissions`. */
  readonly isAdminConsented?: boolean | undefined
  /** An app of the cloud's own maker: nobody is asked for consent. */
  readonly isFirstParty?: boolean | undefined
  /** Apps of a family redeem each other's refresh tokens. */
  readonly family?: '1' | undefined
  /** Conditional access: whoever signs in to it, or gets a token for it as an API, must have passed MFA. */
  readonly requiresMfa?: boolean | undefined
  /** `refresh_in` of its token answers, in seconds. */
  readonly refreshIn?: number | undefined
}
