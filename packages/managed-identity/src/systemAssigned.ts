import { readIdentity, type ManagedIdentity } from './ManagedIdentity.js'

/**
 * Names the identity that belongs to the machine, app or cluster itself.
 *
 * @returns The identity, for {@link createManagedIdentityClient}.
 */
export function systemAssigned(): ManagedIdentity {
  return readIdentity({ ManagedIdentityIdType: 'SystemAssigned', Id: null })
}
