import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileCache, folderCache, msalFileCache } from '@latchkey/cache-node'
import { copyCache, serializableCache, type CacheDocument, type CacheStore } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { noMsalExtensions, runPython } from './fixtures/msalExtensions.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'

if (noMsalExtensions) console.log(`skipped: ${noMsalExtensions}`)

const protection = { key: Buffer.alloc(32, 7) }
const tokens = Array.from({ length: 20 }, (_, index) => `token ${index}`)
const partitionsOf = async (store: CacheStore) => [...(await store.partitions!())]

/** A cache as MSAL Python writes it: one app token for each client. */
const plain = (secrets: readonly string[]): CacheDocument => ({
  AccessToken: Object.fromEntries(
    secrets.map((secret) => [
      `-host-accesstoken-${secret}-tenant-scope`,
      {
        ...{ credential_type: 'AccessToken', secret, home_account_id: null, environment: 'host', client_id: secret },
        ...{ realm: 'tenant', target: 'scope', expires_on: '9999999999', cached_at: '1' },
      },
    ]),
  ),
})

describe('a cache moves', () => {
  it('from a plain file to an encrypted one, to a folder, and out as a text', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'msal.cache')
    await writeFile(path, JSON.stringify(plain(tokens)), { mode: 0o600 })
    const file = fileCache({ path: join(folder, 'tokens.cache'), protection })
    expect(await copyCache(msalFileCache({ path }), file)).toBe(tokens.length)
    const apart = folderCache({ path: join(folder, 'tokens'), protection })
    expect(await copyCache(file, apart)).toBe(tokens.length)
    expect((await partitionsOf(apart)).length).toBe(tokens.length)
    const text = serializableCache()
    expect(await copyCache(apart, text)).toBe(tokens.length)
    expect(JSON.parse(text.serialize())).toEqual(plain(tokens))
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(plain(tokens))
  })

  it.skipIf(noMsalExtensions)('from MSAL Python’s file, and back into one that it reads', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'msal.cache')
    await runPython({ kind: 'file', path, tokens })
    const apart = folderCache({ path: join(folder, 'tokens'), protection })
    expect(await copyCache(msalFileCache({ path }), apart)).toBe(tokens.length)
    const back = join(folder, 'back.cache')
    expect(await copyCache(apart, msalFileCache({ path: back }))).toBe(tokens.length)
    expect((await runPython({ kind: 'file', path: back })).secrets).toEqual(tokens.toSorted())
  })
})
