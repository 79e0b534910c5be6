import { redisCache, type RedisCacheOptions, type RedisClient } from '@latchkey/cache-redis'
import { cacheStoreContract } from '@latchkey/core/testing'
import { Redis } from 'ioredis'
import { describe, test } from 'vitest'
import { connect } from './fixtures/connect.js'
import { redisForTests } from './fixtures/redisForTests.js'

const redis = await redisForTests()
const key = new Uint8Array(32).fill(7)

const kinds: [string, Partial<RedisCacheOptions>][] = [
  ['plain', {}],
  ['encrypted', { encryptionKey: key }],
  ['with one document in memory', { remember: 1 }],
  ['without a list', { list: false }],
]
for (const [name, options] of kinds)
  describe.skipIf(redis.reason)(redis.title(`node-redis, ${name}`), () => {
    const contract = cacheStoreContract(async () => {
      const clients = await Promise.all([connect(redis.server().port), connect(redis.server().port)])
      const [first, second] = clients
      const prefix = redis.newPrefix()
      return {
        store: redisCache({ client: first, subscriber: first, prefix, ...options }),
        reopen: () => redisCache({ client: second, subscriber: second, prefix, ...options }),
        close: () => clients.forEach((client) => client.destroy()),
      }
    })
    for (const { name, run } of contract) test(name, ({ skip }) => run(skip))
  })

describe.skipIf(redis.reason)(redis.title('ioredis'), () => {
  const contract = cacheStoreContract(() => {
    const clients = [1, 2].map(() => new Redis(redis.server().port, '127.0.0.1'))
    const [first, second] = clients.map((client): RedisClient => ({
      sendCommand: ([name, ...args]) => client.call(name!, ...args),
    }))
    const prefix = redis.newPrefix()
    return {
      store: redisCache({ client: first!, prefix }),
      reopen: () => redisCache({ client: second!, prefix }),
      close: () => clients.forEach((client) => client.disconnect()),
    }
  })
  for (const { name, run } of contract) test(name, ({ skip }) => run(skip))
})
