import { createStore, get, update } from 'idb-keyval'
import { AuthError } from '@latchkey/core'
import { expect, isText } from '@latchkey/core/internal'
import type { KeyStore, StoredKey } from './KeyStore.js'

/** What {@link indexedDbKeys} takes. */
export interface IndexedDbKeysOptions {
  /** The key's name, such as `dpop CLIENT_ID`: schemes of the same name share one key. */
  readonly name: string
  /** The database. Default `latchkey-pop`. */
  readonly databaseName?: string | undefined
}

/**
 * Keeps a scheme's key in the browser's IndexedDB: pages can use it there, and nobody can read it out.
 *
 * @param options The key's name, and the database's.
 * @returns A store for the `keys` option; its methods fail with `storage_unavailable` where the browser keeps nothing.
 * @throws {TypeError} when an option is wrong.
 */
export function indexedDbKeys(options: IndexedDbKeysOptions): KeyStore {
  const { name, databaseName = 'latchkey-pop' } = options ?? {}
  expect(isText(name), 'name', 'a non-empty string')
  expect(isText(databaseName), 'databaseName', 'a non-empty string')
  let opened: ReturnType<typeof createStore> | undefined
  const use = async <T>(run: (store: ReturnType<typeof createStore>) => Promise<T>): Promise<T> => {
    try {
      return await run((opened ??= createStore(databaseName, 'keys')))
    } catch (cause) {
      throw new AuthError('storage_unavailable', 'Cannot keep a key in IndexedDB', { cause })
    }
  }
  return {
    get: () => use(async (store) => readKey(await get(name, store))),
    update: (next) =>
      use(async (store) => {
        let kept: StoredKey | undefined
        await update(name, (current: unknown) => (kept = next(readKey(current))), store)
        return kept!
      }),
  }
}

/** What is in the database may be of another version, or damaged. */
function readKey(value: unknown): StoredKey | undefined {
  const { keyPair, createdAt } = Object(value) as Partial<StoredKey>
  const isPair = keyPair?.privateKey instanceof CryptoKey && keyPair.publicKey instanceof CryptoKey
  return isPair && typeof createdAt === 'number' ? { keyPair, createdAt } : undefined
}
