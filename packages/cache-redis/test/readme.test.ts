import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { CacheStore } from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import { cacheStoreContract, type StoreUnderTest } from '@latchkey/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { askWorkerd } from './fixtures/askWorkerd.js'
import { bundleProgram } from './fixtures/bundleProgram.js'
import { readme, readmeSnippet } from './fixtures/readmeSnippet.js'
import { redisForTests } from './fixtures/redisForTests.js'

const redis = await redisForTests()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The README's snippets as a module. */
async function load(...names: string[]): Promise<Record<string, (backend: unknown) => CacheStore>> {
  const file = join(folder, `${names.at(-1)}.mjs`)
  writeFileSync(file, names.map(readmeSnippet).join('\n'))
  return import(/* @vite-ignore */ pathToFileURL(file).href)
}

function contract(title: string, create: () => Promise<StoreUnderTest>): void {
  describe(title, () => {
    for (const { name, run } of cacheStoreContract(create)) test(name, ({ skip }) => run(skip))
  })
}

describe.skipIf(redis.reason)(redis.title('the example of the README'), () => {
  test('finds in a second process the token that a first one got', async () => {
    const { clientId, clientSecret, domain } = createEmulator().defaults
    writeFileSync(join(folder, 'example.mjs'), readmeSnippet('const app = createConfidentialClient'))
    const emulated = "import { createEmulator } from '@latchkey/emulator'; globalThis.fetch = createEmulator().fetch"
    writeFileSync(join(folder, 'fetch.mjs'), emulated)
    const main = join(folder, 'main.mjs')
    writeFileSync(main, "import './fetch.mjs'; import './example.mjs'")
    const program = await bundleProgram(main, folder)
    const env = { ...process.env, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, TENANT_ID: domain }
    const own = { REDIS_URL: `redis://127.0.0.1:${redis.server().port}`, CACHE_KEY: randomBytes(32).toString('base64') }
    const run = async (): Promise<string> => {
      const child = spawn(process.execPath, [program], {
        env: { ...env, ...own },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'close')])) as [unknown]
      // It stays connected, as a server does.
      child.kill()
      return String(line).trim()
    }
    expect([await run(), await run()]).toEqual(['identity_provider', 'cache'])
  })
})

describe('the snippets of the README', () => {
  contract('sqlCache', async () => {
    const { sqlCache } = await load('function compareAndSetCache', 'const sqlCache')
    const db = new DatabaseSync(':memory:')
    const [, create = ''] = /`(create table [^`]*)`/.exec(readme) ?? []
    db.exec(create)
    return { store: sqlCache!(db), reopen: () => sqlCache!(db), close: () => db.close() }
  })

  test('kvCache keeps an app token, and lets go of it', async () => {
    const { kvCache } = await load('function compareAndSetCache', 'const kvCache')
    const values = new Map<string, string>()
    const kv = {
      get: async (key: string) => values.get(key) ?? null,
      put: async (key: string, value: string) => void values.set(key, value),
      delete: async (key: string) => void values.delete(key),
    }
    const store = kvCache!(kv)
    await store.update('a', () => ({ AccessToken: { one: { secret: 's' } } }))
    expect(await kvCache!(kv).get('a')).toEqual({ AccessToken: { one: { secret: 's' } } })
    await store.update('a', () => undefined)
    expect(await store.get('a')).toBeUndefined()
  })

  test('durableCache loses nothing in workerd', async (context) => {
    const worker = `
      ${readmeSnippet('function compareAndSetCache')}
      ${readmeSnippet('class TokenObject')}
      export default {
        async fetch(_, { TOKENS }) {
          const stores = [durableCache(TOKENS), durableCache(TOKENS)]
          const put = (index) => stores[index % 2].update('a', (document = {}) => {
            ;(document.AccessToken ??= {})['token ' + index] = { secret: 's' }
            return document
          })
          await Promise.all(Array.from({ length: 40 }, (_, index) => put(index)))
          const first = await stores[0].get('a')
          const facts = [Object.keys(first.AccessToken).length, first === (await stores[0].get('a')), await stores[0].get('b') ?? null]
          await stores[0].update('a', () => undefined)
          return Response.json([...facts, (await stores[1].get('a')) ?? null])
        },
      }`
    const answer = await askWorkerd(worker, folder)
    if (answer.reason) {
      console.log(`skipped, workerd does not run here: ${answer.reason}`)
      context.skip(answer.reason)
    }
    expect(JSON.parse(answer.body ?? '')).toEqual([40, true, null, null])
  })
})
