/** Where an authority takes requests. */
export interface Endpoints {
  /** The issuer; may hold `{tenantid}`. */
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly authorizationEndpoint: string
  readonly deviceAuthorizationEndpoint?: string | undefined
  /** The first path segment of the token endpoint: the cache's `realm`. */
  readonly tenant: string
}
