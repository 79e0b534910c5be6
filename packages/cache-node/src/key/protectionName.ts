import type { Machine } from '../machine.js'
import { vaultName, type VaultName } from '../vault/osVault.js'
import type { CacheProtection } from './CacheProtection.js'

/** What keeps others from reading a cache: nothing but the file's permissions, a key of yours, or a part of the operating system. */
export type ProtectionName = 'none' | 'key' | 'dpapi' | VaultName

/**
 * Names a protection.
 *
 * @param protection As given.
 * @param machine This machine.
 * @returns Its name in reports.
 */
export function protectionName(protection: CacheProtection, { platform }: Machine): ProtectionName {
  if (protection === 'none') return 'none'
  return protection === 'os' ? vaultName(platform) : 'key'
}
