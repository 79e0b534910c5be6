// A fresh process: fills a token cache in Redis with users, then times single calls.
import process from 'node:process'
import { redisCache } from '@latchkey/cache-redis'
import type { CacheDocument } from '@latchkey/core'
import { createClient } from 'redis'
import { quantile } from '../statistics.ts'
import { userCache } from '../subjects/userCache.ts'

/** What to do. */
export interface RedisStoreTask {
  readonly port: number
  readonly users: number
  readonly calls: number
  readonly encrypted: boolean
}

/** Microseconds. */
export interface RedisStoreTimes {
  readonly operations: readonly { readonly name: string; readonly p50: number; readonly p99: number }[]
}

const { port, users, calls, encrypted } = JSON.parse(process.argv[2] ?? '') as RedisStoreTask
const client = createClient({ socket: { host: '127.0.0.1', port } })
await client.connect()
const prefix = encrypted ? 'encrypted:' : 'plain:'
const options = { client, prefix, ...(encrypted && { encryptionKey: new Uint8Array(32) }) }
const store = redisCache({ ...options, remember: users })
const forgetful = redisCache({ ...options, remember: 0 })

const json = userCache(1)
const nameOf = (index: number): string => `user-${index}`
for (let index = 0; index < users; index++)
  await store.update(
    nameOf(index),
    () => JSON.parse(json.replaceAll('000000000000', String(index).padStart(12, '0'))) as CacheDocument,
  )

const operations: [string, (partition: string, index: number) => unknown][] = [
  ['bare GET', (partition) => client.get(`${prefix}p:${partition}`)],
  ['hit, document in memory', (partition) => store.get(partition)],
  ['hit, document not in memory', (partition) => forgetful.get(partition)],
  ['write', (partition, index) => store.update(partition, (document) => withToken(document, index))],
]
const results: RedisStoreTimes['operations'][number][] = []
for (const [name, call] of operations) {
  // The first tenth warms up.
  const times: number[] = []
  for (let index = -calls / 10; index < calls; index++) {
    const partition = nameOf((Math.abs(index) * 7919) % users)
    const from = performance.now()
    const found = await call(partition, index)
    if (index >= 0) times.push((performance.now() - from) * 1000)
    if (name !== 'write' && !found) throw new Error(`${name}: nothing under ${partition}`)
  }
  results.push({ name, p50: quantile(times, 0.5), p99: quantile(times, 0.99) })
}
client.destroy()
process.stdout.write(JSON.stringify({ operations: results }))

/** As a refresh does: the access token is another one. */
function withToken(document: CacheDocument = {}, index: number): CacheDocument {
  for (const entity of Object.values(document.AccessToken ?? {})) entity['secret'] = `${index} `.padEnd(1536, 'x')
  return document
}
