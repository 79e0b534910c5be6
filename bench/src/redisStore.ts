import { Skipped } from '../../tools/outcome.ts'
import { startRedis } from '../../tools/redis.ts'
import type { Cell, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import type { RedisStoreTimes } from './workers/redisStore.ts'

export const redisStore: Measurement = {
  name: 'redis',
  about: 'a hit and a write in a token cache in Redis, at 10,000 users',
  async run({ quick, progress }) {
    const title = 'A user’s tokens in Redis, in µs'
    const columns = ['values', 'operation', 'p50', 'p99', 'p50 ÷ GET']
    const server = await startRedis().catch((error: unknown) => {
      if (error instanceof Skipped) return error
      throw error
    })
    if (server instanceof Skipped)
      return { tables: [{ title, columns, rows: [], notes: [server.message] }], limits: [] }
    try {
      const rows: Cell[][] = []
      const [users, calls] = quick ? [200, 400] : [10_000, 30_000]
      for (const encrypted of [false, true]) {
        const kind = encrypted ? 'encrypted' : 'plain'
        progress(`redis: ${users} users, ${kind}`)
        const task = { port: server.port, users, calls, encrypted }
        const times = await runNode<RedisStoreTimes>('workers/redisStore.ts', [JSON.stringify(task)])
        for (const { name, p50, p99 } of times.operations)
          rows.push([kind, name, p50, p99, p50 / times.operations[0]!.p50])
      }
      return {
        tables: [{ title, columns, rows, notes: [`${users} users, ${calls} calls, one after the other.`] }],
        limits: [],
      }
    } finally {
      await server.stop()
    }
  },
}
