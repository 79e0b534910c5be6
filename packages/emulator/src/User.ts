/** A tenant that a user is a guest of. */
export interface GuestMembership {
  /** The tenant. */
  readonly tenantId: string
  /** The guest's own object ID there, a GUID. */
  readonly id: string
}

/** A person who can sign in. */
export interface User {
  /** The object ID in the home tenant, a GUID. */
  readonly id: string
  /** The home tenant. */
  readonly tenantId: string
  /** The user principal name, such as `ada@contoso.com`. */
  readonly username: string
  /** The password; a user without one cannot sign in. */
  readonly password?: string | undefined
  /** The name shown to people. */
  readonly name?: string | undefined
  /** The second factor is asked for at every sign-in. */
  readonly mfa?: boolean | undefined
  /** Can consent for everybody in the home tenant. */
  readonly isAdmin?: boolean | undefined
  /** Refuses every sign-in. */
  readonly isDisabled?: boolean | undefined
  /** The password is right but has expired. */
  readonly mustChangePassword?: boolean | undefined
  /** Other tenants that have the user as a guest. */
  readonly guestIn?: readonly GuestMembership[] | undefined
}
