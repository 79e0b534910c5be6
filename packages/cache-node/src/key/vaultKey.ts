import { randomBytes } from 'node:crypto'
import { cacheError } from '../cacheError.js'
import type { VaultItem } from '../vault/VaultItem.js'
import type { KeyRing } from './KeyRing.js'
import { KEY_BYTES, parseKey, secretKey, type SecretKey } from './SecretKey.js'

/**
 * Makes a key ring of the operating system's vault.
 *
 * Every key has an item of its own, named after the key's id, which the file says: two processes that make a key at the same
 * moment cannot take each other's for theirs.
 *
 * @param item Gives the vault's item of a name.
 * @param existing Gives the id of the key of some file that is there, whose key a new file shares.
 * @returns The ring.
 */
export function vaultKey(item: (name: string) => VaultItem, existing: () => Promise<string | undefined>): KeyRing {
  const known = new Map<string, SecretKey>()
  return {
    async find(id, path) {
      const key = known.get(id) ?? (await read(id, path))
      known.set(id, key)
      return key
    },
    async current(path) {
      const [first] = known.values()
      if (first) return first
      const id = await existing()
      if (id !== undefined) return this.find(id, path)
      const made = await make()
      known.set(made.id, made)
      return made
    },
  }

  async function read(id: string, path: string): Promise<SecretKey> {
    const { read, name } = item(id)
    const text = await read().catch((error: unknown) => {
      throw cacheError(
        'key_unreadable',
        `Cannot read ${path}, because its key cannot be read. ${(error as Error).message}`,
        error,
      )
    })
    if (text === undefined) {
      const message = `Cannot read ${path}: its key (${id}) is not in ${name}; bring the key back, or remove the file and let users sign in again`
      throw cacheError('key_missing', message)
    }
    const bytes = parseKey(text)
    const key = bytes && secretKey(bytes)
    if (key?.id === id) return key
    throw cacheError('key_unreadable', `Cannot read ${path}: what ${name} has as its key (${id}) is not that key`)
  }

  /** Read back before it is used: what was encrypted with a key that was not kept is lost. */
  async function make(): Promise<SecretKey> {
    const bytes = randomBytes(KEY_BYTES)
    const key = secretKey(bytes)
    const { write, read, name } = item(key.id)
    const text = bytes.toString('base64')
    await write(text)
    if ((await read()) === text) return key
    throw cacheError('vault_unavailable', `Cannot use ${name}: it does not give back what was put in`)
  }
}
