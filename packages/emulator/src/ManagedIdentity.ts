/** An identity that Azure manages for a program: nobody has its secret, and who runs in the right place gets its tokens. */
export interface ManagedIdentity {
  /** Its client ID, a GUID. */
  readonly clientId: string
  /** The object ID of its service principal, a GUID. */
  readonly objectId: string
  /** The Azure resource that it is, or belongs to: `/subscriptions/…`. */
  readonly resourceId: string
  /** The tenant that it is in. */
  readonly tenantId: string
  /** The name shown to people. */
  readonly name?: string | undefined
  /** It belongs to the machine or app itself: whoever names no identity gets its tokens. */
  readonly isSystemAssigned?: boolean | undefined
  /** Application permissions granted to it: the API's client ID → roles. */
  readonly roles?: Readonly<Record<string, readonly string[]>> | undefined
}
