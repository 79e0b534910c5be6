import { cacheStoreContract, type CacheStoreContractOptions, type StoreUnderTest } from '@latchkey/core/testing'
import { fileCache, folderCache, msalFileCache, type CacheProtection } from '@latchkey/cache-node'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { temporaryFolder } from './fixtures/temporaryFolder.js'

function contract(name: string, create: () => StoreUnderTest, options?: CacheStoreContractOptions): void {
  describe(name, () => {
    for (const { name, run } of cacheStoreContract(create, options)) test(name, ({ skip }) => run(skip))
  })
}

const key = randomBytes(32)
const protections: [string, CacheProtection][] = [
  ['plain', 'none'],
  ['with a key', { key }],
  ['with a key from a function', { key: async () => key }],
]
for (const [name, protection] of protections) {
  const fileStore = (): StoreUnderTest => {
    const path = join(temporaryFolder(), 'not', 'there', 'yet', 'tokens')
    const reopen = () => fileCache({ path, protection })
    return { store: reopen(), reopen }
  }
  contract(`fileCache, ${name}`, fileStore, { apart: false })

  contract(`folderCache, ${name}`, () => {
    const path = join(temporaryFolder(), 'not', 'there', 'yet')
    const reopen = () => folderCache({ path, protection })
    return { store: reopen(), reopen }
  })
}

contract(
  'msalFileCache',
  () => {
    const path = join(temporaryFolder(), 'msal.cache')
    const reopen = () => msalFileCache({ path })
    return { store: reopen(), reopen }
  },
  { apart: false },
)
