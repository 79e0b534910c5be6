import { inspect } from 'node:util'
import { redisCache } from '@latchkey/cache-redis'
import { AuthError } from '@latchkey/core'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { describe, expect, test } from 'vitest'
import { startRedis } from '../../../tools/redis.ts'
import { connect } from './fixtures/connect.js'
import { failure, namesIn, put } from './fixtures/documents.js'
import { redisForTests } from './fixtures/redisForTests.js'

const redis = await redisForTests()
const secret = 'secret of one'

function expectTyped(error: unknown, codes: string[]): void {
  expect(error).toBeInstanceOf(AuthError)
  expect(codes).toContain((error as AuthError).code)
  expect((error as AuthError).message).toMatch(/^Cannot use the token cache in Redis: .*[^.]$/)
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret')
}

describe.skipIf(redis.reason)(redis.title('without a connection'), () => {
  test('a server that is killed and comes back: errors meanwhile, and it goes on', async () => {
    const server = await startRedis()
    const client = await connect(server.port)
    try {
      const store = redisCache({ client, timeout: 200 })
      await put(store, 'a', 'one')
      const writes = Promise.allSettled(Array.from({ length: 50 }, (_, index) => put(store, `p ${index}`, 'one')))
      await server.stop()
      const codes = ['network_error', 'timeout']
      for (const result of await writes) if (result.status === 'rejected') expectTyped(result.reason, codes)
      expectTyped(await failure(() => store.get('a')), codes)
      expectTyped(await failure(() => put(store, 'a', 'two')), codes)
      expectTyped(await failure(() => store.partitions!()), codes)
      const back = new Promise((resolve) => client.once('ready', resolve))
      const again = await startRedis(server.port)
      try {
        await back
        const patient = redisCache({ client, timeout: 30_000 })
        expect(await patient.get('a')).toBeUndefined()
        await put(patient, 'a', 'three')
        expect(await namesIn(patient, 'a')).toEqual(['three'])
      } finally {
        await again.stop()
      }
    } finally {
      client.destroy()
      await server.stop()
    }
  })

  test('a write that timed out may still arrive, whole, and takes nothing away', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const prefix = redis.newPrefix()
    let arrived: Promise<unknown> | undefined
    const client = {
      async sendCommand(args: string[]): Promise<unknown> {
        if (args[0] !== 'EVAL') return redis.client().sendCommand(args)
        arrived = held.then(() => redis.client().sendCommand(args))
        return arrived
      },
    }
    const other = redis.open({ prefix })
    expect(await failure(() => put(redisCache({ client, prefix, timeout: 20 }), 'a', 'late'))).toMatchObject({
      code: 'timeout',
    })
    await put(other, 'a', 'meanwhile')
    release()
    await arrived
    expect(await namesIn(other, 'a')).toEqual(['meanwhile'])
  })

  test('a client that was not connected, and one that was closed', async () => {
    const client = createClient({ socket: { host: '127.0.0.1', port: redis.server().port } })
    const error = await failure(() => redisCache({ client }).get('a'))
    expectTyped(error, ['network_error'])
    expect((error as AuthError).message).toContain('is the client connected?')
    const closed = await connect(redis.server().port)
    closed.destroy()
    expectTyped(await failure(() => put(redisCache({ client: closed }), 'a', 'one')), ['network_error'])
  })

  test('subscribing without a connection breaks nothing', async () => {
    const client = createClient({ socket: { host: '127.0.0.1', port: redis.server().port } })
    const stop = redisCache({ client, subscriber: client }).subscribe!(() => {})
    stop()
    stop()
    expect((await failure(() => client.get('a'))) as Error).toBeInstanceOf(Error)
  })

  test('what Redis refuses: no password, no permission, no memory; and never a secret, of whichever client', async () => {
    const server = await startRedis()
    const admin = await connect(server.port)
    const other = new Redis(server.port, '127.0.0.1', { username: 'reader', password: 'pw', lazyConnect: true })
    other.on('error', () => {})
    try {
      const user = ['ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '&*', '+@all', '-eval', '-script']
      await admin.sendCommand(user)
      await other.connect()
      const ioredis = redisCache({ client: { sendCommand: ([name, ...args]) => other.call(name!, ...args) } })
      const denied = await failure(() => put(ioredis, 'a', 'one'))
      expectTyped(denied, ['cache_locked'])
      expect(denied).toMatchObject({ suberror: 'NOPERM', message: expect.stringContaining('EVAL') })

      await admin.configSet('maxmemory', '1')
      const full = await failure(() => put(redisCache({ client: admin }), 'a', 'one'))
      expectTyped(full, ['cache_locked'])
      expect(full).toMatchObject({ suberror: 'OOM' })
      await admin.configSet('maxmemory', '0')

      await admin.configSet('requirepass', 'the secret password')
      const stranger = createClient({ socket: { host: '127.0.0.1', port: server.port }, RESP: 2 })
      stranger.on('error', () => {})
      await stranger.connect()
      const unknown = await failure(() => put(redisCache({ client: stranger }), 'a', 'one'))
      stranger.destroy()
      expectTyped(unknown, ['cache_locked'])
      expect(unknown).toMatchObject({ suberror: 'NOAUTH' })
    } finally {
      other.disconnect()
      admin.destroy()
      await server.stop()
    }
  })
})

describe('what a client throws', () => {
  const thrown: [unknown, string, string][] = [
    [
      Object.assign(new Error(`connect ECONNREFUSED redis://user:${secret}@host`), { code: 'ECONNREFUSED' }),
      'network_error',
      'ECONNREFUSED',
    ],
    [Object.assign(new Error(secret), { command: { name: 'EVAL', args: [secret] } }), 'network_error', 'not_connected'],
    [Object.assign(new Error(secret), { code: secret }), 'network_error', 'not_connected'],
    [new Error(`ERR unknown command 'EVAL', with args beginning with: '${secret}'`), 'cache_locked', 'ERR'],
    [new Error(`READONLY You can't write against a read only replica. ${secret}`), 'cache_locked', 'READONLY'],
    [secret, 'network_error', 'not_connected'],
    [undefined, 'network_error', 'not_connected'],
  ]
  test.each(thrown)('%# is typed, and nothing of it is shown', async (error, code, suberror) => {
    const client = {
      async sendCommand() {
        throw error
      },
    }
    const operations = [() => redisCache({ client }).get('a'), () => put(redisCache({ client }), 'a', 'one')]
    for (const operation of operations) {
      const failed = await failure(operation)
      expectTyped(failed, [code])
      expect(failed).toMatchObject({ suberror })
      expect((failed as AuthError).cause).toBeUndefined()
    }
    const sync = () => {
      throw error
    }
    expectTyped(await failure(() => redisCache({ client: { sendCommand: sync } }).get('a')), [code])
  })

  test('who loses every race is told', async () => {
    let tag = 0
    const client = {
      async sendCommand([name]: string[]): Promise<unknown> {
        const value = `1.${String(++tag).padStart(16, '0')}..{}`
        return name === 'EVAL' ? [value] : value
      },
    }
    expect(await failure(() => put(redisCache({ client }), 'a', 'one'))).toMatchObject({
      code: 'cache_locked',
      suberror: 'lock_timeout',
    })
  })
})
