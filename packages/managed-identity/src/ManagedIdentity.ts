import { expect, isObject, isText, parseObject } from '@latchkey/core/internal'

/** Which identity, in the form that MSAL writes into configuration files and variables. */
export interface ManagedIdentity {
  /** What the id is an id of. */
  readonly ManagedIdentityIdType: 'SystemAssigned' | 'ClientId' | 'ResourceId' | 'ObjectId'
  /** The id of a user-assigned identity; `null` or absent for the system-assigned one. */
  readonly Id?: string | null | undefined
}

/** What names a user-assigned identity; requests name it in one of these ways. */
export type UserAssignedKind = 'ClientId' | 'ResourceId' | 'ObjectId'

/**
 * Checks an identity that may come from a configuration file or a variable.
 *
 * @param identity What was given; a text is read as JSON.
 * @returns The identity, without anything else that was in it; frozen.
 * @throws {TypeError} when it is none.
 */
export function readIdentity(identity: unknown): ManagedIdentity {
  const given = isText(identity) ? parseObject(identity) : isObject(identity) ? identity : undefined
  const { ManagedIdentityIdType: kind, Id: id } = given ?? {}
  const isUser = kind === 'ClientId' || kind === 'ResourceId' || kind === 'ObjectId'
  expect(
    isUser ? isText(id) && id.trim() === id : kind === 'SystemAssigned' && (id === undefined || id === null),
    'identity',
    'systemAssigned(), userAssigned(), or {"ManagedIdentityIdType": …, "Id": …}',
  )
  return Object.freeze({ ManagedIdentityIdType: kind, Id: isUser ? (id as string) : null }) as ManagedIdentity
}
