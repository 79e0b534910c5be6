import type { Directory } from '../directory.js'
import type { ManagedIdentity } from '../ManagedIdentity.js'

/** The names of the parameters that a source takes an identity's ID by. */
export interface IdParameters {
  readonly clientId: string
  readonly objectId: string
  readonly resourceId: string
}

/** Which identity a request asks for, and how it names it. */
export interface AskedIdentity {
  readonly identity: ManagedIdentity
  /** What the answer repeats: the parameter and the ID. */
  readonly echo: Readonly<Record<string, string>>
}

/**
 * Finds the identity that a request asks for.
 *
 * @param directory Where identities are looked up.
 * @param query The request's parameters.
 * @param names What the source calls the IDs; undefined for a source that passes over them.
 * @returns The identity; undefined where there is none, or more than one ID is given.
 */
export function findManagedIdentity(
  directory: Directory,
  query: URLSearchParams,
  names: IdParameters | undefined,
): AskedIdentity | undefined {
  const identities = Array.from(directory.managedIdentities.values())
  const given = Object.entries(names ?? {}).filter(([, name]) => query.has(name)) as [keyof IdParameters, string][]
  const [[member, name] = [], ...others] = given
  if (others.length > 0) return undefined
  if (!member || !name) {
    const identity = identities.find(({ isSystemAssigned }) => isSystemAssigned)
    return identity && { identity, echo: {} }
  }
  const wanted = (query.get(name) ?? '').toLowerCase()
  const identity = identities.find((one) => !one.isSystemAssigned && one[member].toLowerCase() === wanted)
  return identity && { identity, echo: { [name]: identity[member] } }
}
