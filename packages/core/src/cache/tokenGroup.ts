import { canonicalHost } from '../authority/clouds.js'

/** Whose tokens, and of which kind: tokens of one group differ in their scopes only. */
export interface TokenOwner {
  readonly clientId: string
  /** The authority's host; names of the same cloud are equal. */
  readonly environment: string
  readonly realm: string
  /** Absent for an app's own tokens. */
  readonly homeAccountId?: string | undefined
  /** Absent for bearer tokens. */
  readonly tokenType?: string | undefined
  /** The key that a token is bound to. */
  readonly keyId?: string | undefined
  /** The hash of the assertion that a token was got on behalf of. */
  readonly assertionHash?: string | undefined
}

/**
 * Names a group, so that look-ups compare one text; an app's group is its partition, too.
 *
 * @param owner Whose tokens.
 * @returns A text that is equal for equal owners only.
 */
export function tokenGroup({ clientId, environment, realm, homeAccountId, tokenType = '', keyId, assertionHash }: TokenOwner): string {
  const type = tokenType.toLowerCase().replace('bearer', '')
  return JSON.stringify([homeAccountId || '', canonicalHost(environment), clientId, realm.toLowerCase(), type, keyId || '', assertionHash || ''])
}
