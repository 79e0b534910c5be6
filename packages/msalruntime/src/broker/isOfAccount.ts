import type { Account } from '@latchkey/core'

/**
 * Tells whether an ID token can be an account's. The library does not look: on Linux its answer has the ids that it was asked for, whoever
 * the broker answered for.
 *
 * @param claims The ID token's.
 * @param account The account.
 * @param tenant The tenant that was asked.
 * @returns `false` where they name another user, or a tenant that is neither the account's nor asked.
 */
export function isOfAccount(
  { oid, tid }: Readonly<Record<string, unknown>>,
  { homeAccountId, localAccountId, realm }: Account,
  tenant: string,
): boolean {
  if (typeof oid !== 'string' || typeof tid !== 'string') return true
  const [uid, utid] = homeAccountId.split('.')
  if (isSame(tid, utid)) return isSame(oid, uid)
  if (isSame(tid, realm)) return isSame(oid, localAccountId)
  // A guest's id there is not known here.
  return isSame(tid, tenant)
}

const isSame = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase()
