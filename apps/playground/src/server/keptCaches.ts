import { fileCache, folderCache, verifyPersistence } from '@latchkey/cache-node'
import type { CacheStore } from '@latchkey/core'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeptCacheName } from '../scenario/cacheNames.js'
import type { KeptCache, KeptCaches } from '../scenario/KeptCaches.js'
import type { ShownPersistence } from '../scenario/Outcome.js'

/**
 * Makes the caches that are kept in files: in a temporary folder that only this user may open, and that is made when first needed.
 *
 * @returns The caches; whoever made them removes them at the end.
 */
export function keptCaches(): KeptCaches {
  const key = randomBytes(32)
  const opened = new Map<KeptCacheName, KeptCache>()
  let folder: string | undefined

  function openStore(name: KeptCacheName): CacheStore {
    folder ??= mkdtempSync(join(tmpdir(), 'latchkey-playground-'))
    switch (name) {
      case 'file':
        return fileCache({ path: join(folder, 'plain', 'tokens.cache'), protection: 'none' })
      case 'encrypted file':
        return fileCache({ path: join(folder, 'encrypted', 'tokens.cache'), protection: { key } })
      case 'folder':
        return folderCache({ path: join(folder, 'partitions'), protection: { key } })
    }
  }

  return {
    open(name) {
      let kept = opened.get(name)
      if (!kept) {
        const store = openStore(name)
        let verified: Promise<ShownPersistence> | undefined
        kept = { store, verify: () => (verified ??= verify(store)) }
        opened.set(name, kept)
      }
      return kept
    },
    remove() {
      opened.clear()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
      folder = undefined
    },
  }
}

async function verify(store: CacheStore): Promise<ShownPersistence> {
  const { protection, path, works, error, vault } = await verifyPersistence(store)
  return {
    protection,
    path,
    problem: works ? undefined : error?.message,
    vault: vault.name,
    vaultProblem: vault.works ? undefined : vault.error?.message,
  }
}
