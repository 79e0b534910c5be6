import { randomBytes } from 'node:crypto'
import { cacheError } from '../cacheError.js'
import type { Machine } from '../machine.js'
import { keychainItem } from './keychain.js'
import { secretServiceItem } from './secretService.js'
import type { VaultItem } from './VaultItem.js'
import { windowsCredentialItem } from './windowsCredential.js'

/** The names of the vaults, in reports. */
export type VaultName = 'secret-service' | 'keychain' | 'windows-credential-manager'

/**
 * Says which vault the operating system has.
 *
 * @param platform As `process.platform` names it.
 * @returns Its name.
 */
export function vaultName(platform: NodeJS.Platform): VaultName {
  if (platform === 'darwin') return 'keychain'
  return platform === 'win32' ? 'windows-credential-manager' : 'secret-service'
}

/**
 * Gives an item of the operating system's vault.
 *
 * @param machine This machine.
 * @param name The item's name among those of Latchkey.
 * @returns The item.
 */
export function osVaultItem(machine: Machine, name: string): VaultItem {
  switch (vaultName(machine.platform)) {
    case 'keychain':
      return keychainItem(machine, { service: 'latchkey', account: name })
    case 'windows-credential-manager':
      return windowsCredentialItem(machine, `latchkey/${name}`)
    case 'secret-service':
      return secretServiceItem(machine, {
        schema: 'org.freedesktop.Secret.Generic',
        attributes: { service: 'latchkey', account: name },
        label: `latchkey/${name}`,
      })
  }
}

/**
 * Tries the operating system's vault: puts something in, reads it back, removes it.
 *
 * @param machine This machine.
 * @throws {AuthError} where it does not work, with the reason.
 */
export async function tryVault(machine: Machine): Promise<void> {
  const item = osVaultItem(machine, `trial-${randomBytes(8).toString('hex')}`)
  const text = 'a trial, to be removed'
  await item.write(text)
  try {
    if ((await item.read()) !== text)
      throw cacheError('vault_unavailable', `Cannot use ${item.name}: it does not give back what was put in`)
  } finally {
    await item.remove()
  }
}
