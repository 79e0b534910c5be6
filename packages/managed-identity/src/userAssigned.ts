import { defined, expect, isObject } from '@latchkey/core/internal'
import { readIdentity, type ManagedIdentity, type UserAssignedKind } from './ManagedIdentity.js'

/** An identity that stands on its own, by exactly one of its ids. */
export type UserAssignedId =
  | {
      /** Its client id, a GUID. */
      readonly clientId: string
    }
  | {
      /** Its Azure resource id, `/subscriptions/…`. */
      readonly resourceId: string
    }
  | {
      /** The object id of its service principal, a GUID. */
      readonly objectId: string
    }

const kinds: Readonly<Record<string, UserAssignedKind>> = {
  clientId: 'ClientId',
  resourceId: 'ResourceId',
  objectId: 'ObjectId',
}

/**
 * Names an identity that stands on its own and was given to the machine or app.
 *
 * @param id Exactly one of `clientId`, `resourceId` and `objectId`.
 * @returns The identity, for {@link createManagedIdentityClient}.
 * @throws {TypeError} when it is not exactly one text.
 */
export function userAssigned(id: UserAssignedId): ManagedIdentity {
  const given = Object.entries(isObject(id) ? defined(id) : {})
  const [[name, value] = []] = given
  const kind = kinds[name ?? '']
  expect(given.length === 1 && kind, 'the id', 'one of clientId, resourceId and objectId')
  return readIdentity({ ManagedIdentityIdType: kind, Id: value })
}
