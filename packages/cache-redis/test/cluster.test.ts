import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { redisCache, type RedisCacheOptions, type RedisSubscriber } from '@latchkey/cache-redis'
import { AuthError, type CacheStore } from '@latchkey/core'
import { cacheStoreContract } from '@latchkey/core/testing'
import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { Skipped } from '../../../tools/outcome.ts'
import { failure, namesIn, put } from './fixtures/documents.js'
import { holderOf, moveSlot } from './fixtures/moveSlot.js'
import { readmeSnippet } from './fixtures/readmeSnippet.js'
import { clusterIs, startCluster } from './fixtures/startCluster.js'

const servers = await startCluster().catch((error: unknown) => {
  if (error instanceof Skipped) return error
  throw error
})
const reason = servers instanceof Skipped ? servers.message : undefined
const nodes = servers instanceof Skipped ? [] : servers.nodes
const title = (text: string): string => (reason ? `${text} (skipped: ${reason})` : text)

const folder = mkdtempSync(join(tmpdir(), 'latchkey-snippets-'))
const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends) end()
  rmSync(folder, { recursive: true, force: true })
  if (!(servers instanceof Skipped)) await servers.stop()
})

async function nodeRedis() {
  const cluster = createCluster({ rootNodes: nodes.map(({ port }) => ({ url: `redis://127.0.0.1:${port}` })) })
  cluster.on('error', () => {})
  await cluster.connect()
  ends.push(() => cluster.destroy())
  return cluster
}

function ioredis() {
  const cluster = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
  cluster.on('error', () => {})
  ends.push(() => cluster.disconnect())
  return cluster
}

/** Runs a snippet over a cluster; what it gives to the store can be changed. */
type Open = (cluster: unknown, change?: (own: RedisCacheOptions) => Partial<RedisCacheOptions>) => CacheStore

async function snippet(text: string, name: string): Promise<Open> {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, `export const open = (redisCache, cluster) => {\n${readmeSnippet(text)}\nreturn cache\n}`)
  const { open } = await import(/* @vite-ignore */ pathToFileURL(file).href)
  return (cluster, change) => open((own: RedisCacheOptions) => redisCache({ ...own, ...change?.(own) }), cluster)
}

const nodeRedisClusters = reason ? [] : [await nodeRedis(), await nodeRedis()]
const spread = {
  name: 'node-redis, over all nodes',
  open: await snippet('cluster.sendCommand(args[', 'spread'),
  clusters: nodeRedisClusters,
  prefix: 'latchkey:',
  lists: true,
  holders: 3,
}
const braces = {
  name: 'node-redis, on one node',
  open: await snippet("cluster.sendCommand('{", 'braces'),
  clusters: nodeRedisClusters,
  prefix: '{latchkey}:',
  lists: true,
  holders: 1,
}
const overIoredis = {
  name: 'ioredis, over all nodes',
  open: await snippet('cluster.call(', 'ioredis'),
  clusters: reason ? [] : [ioredis(), ioredis()],
  prefix: 'latchkey:',
  lists: false,
  holders: 3,
}

const empty = async () => Promise.all(nodes.map(({ admin }) => admin.flushAll()))
const resetStatistics = async () => Promise.all(nodes.map(({ admin }) => admin.configResetStat()))
const statistics = async (pattern: RegExp): Promise<number> => {
  const infos = await Promise.all(nodes.map(({ admin }) => admin.info('commandstats')))
  return infos.reduce((sum, info) => sum + Number(pattern.exec(info)?.[1] ?? 0), 0)
}
const slotOf = async (key: string) => Number(await nodes[0]!.admin.sendCommand(['CLUSTER', 'KEYSLOT', key]))
const partitions = Array.from({ length: 60 }, (_, index) => `user ${index}`)

for (const { name, open, clusters, prefix, lists, holders } of [spread, braces, overIoredis])
  describe.skipIf(reason)(title(name), () => {
    const [first, second] = clusters
    beforeEach(empty)

    const contract = cacheStoreContract(() => ({ store: open(first), reopen: () => open(second) }))
    for (const { name, run } of contract) test(name, ({ skip }) => run(skip))

    test('updates that two make of one partition at the same time: none is lost', async () => {
      await resetStatistics()
      const lane = async (cluster: unknown, name: string): Promise<void> => {
        const store = open(cluster)
        for (let index = 0; index < 100; index++) await put(store, 'hot', `${name} ${index}`)
      }
      await Promise.all([lane(first, 'one'), lane(second, 'two')])
      expect(await namesIn(open(first), 'hot')).toHaveLength(200)
      expect(await statistics(/cmdstat_set:calls=(\d+)/)).toBe(200)
      // They did meet: races were lost, and won later.
      expect(await statistics(/cmdstat_eval:calls=(\d+)/)).toBeGreaterThan(200)
    })

    test('a slot that moves to another node: what was and is written stays', async () => {
      const stores = [open(first), open(second)]
      const slot = await slotOf(`${prefix}p:moving`)
      const written: string[] = []
      const use = async (stage: string): Promise<void> => {
        for (const [index, store] of stores.entries()) {
          await put(store, 'moving', `${stage} ${index}`)
          written.push(`${stage} ${index}`)
          for (const reader of stores) expect(await namesIn(reader, 'moving')).toEqual(written.toSorted())
        }
      }
      await use('before')
      const before = await holderOf(nodes, slot)
      await resetStatistics()
      let moved = false
      let updates = 0
      const goOn = async (): Promise<void> => {
        for (; !moved; updates++) await put(stores[updates % 2]!, 'moving', 'before 0', { updates })
      }
      await Promise.all([goOn(), moveSlot(nodes, slot, use).finally(() => (moved = true))])
      expect((await holderOf(nodes, slot)).id).not.toBe(before.id)
      expect(await statistics(/cmdstat_asking:calls=(\d+)/)).toBeGreaterThan(0)
      const last = await stores[0]!.get('moving')
      expect(last?.AccessToken?.['before 0']).toMatchObject({ updates: updates - 1 })
      await use('after')
    })

    test(`partitions() ${lists ? 'lists all' : 'is left out'}`, async () => {
      const store = open(first)
      await Promise.all(partitions.map((partition) => put(store, partition, 'token')))
      const sizes = await Promise.all(nodes.map(({ admin }) => admin.dbSize()))
      expect(sizes.filter((size) => size > 0)).toHaveLength(holders)
      expect(sizes.reduce((sum, size) => sum + size)).toBe(partitions.length)
      if (lists) expect([...(await open(second).partitions!())].sort()).toEqual(partitions.toSorted())
      else expect(store.partitions).toBeUndefined()
    })
  })

describe.skipIf(reason)(title('subscribe'), () => {
  test('a cluster of node-redis is a subscriber, whichever node a key is on', async () => {
    await empty()
    const [listening, writing] = nodeRedisClusters as [(typeof nodeRedisClusters)[0], (typeof nodeRedisClusters)[0]]
    // Its type wants a listener for bytes, too.
    const own = listening as unknown as RedisSubscriber
    let ready: Promise<unknown> | undefined
    const subscriber: RedisSubscriber = {
      // It opens a connection of its own first: what is written meanwhile is not heard.
      subscribe: async (channel, listener) => (ready = own.subscribe(channel, listener)),
      unsubscribe: async (channel, listener) => own.unsubscribe(channel, listener),
    }
    const heard = new Set<string>()
    const all = Promise.withResolvers<void>()
    const stop = spread.open(listening, () => ({ subscriber })).subscribe!((partition) => {
      heard.add(partition)
      if (partitions.every((name) => heard.has(name))) all.resolve()
    })
    await ready
    const store = spread.open(writing)
    for (const partition of partitions) await put(store, partition, 'token')
    await all.promise
    stop()
  })
})

describe.skipIf(reason)(title('a client that is not for clusters'), () => {
  test('says so, where the key is on another node', async () => {
    const store = redisCache({ client: nodes[0]!.admin })
    const results = await Promise.allSettled(partitions.map(async (partition) => store.get(partition)))
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    expect(errors).not.toEqual([])
    for (const error of errors) expect(error).toMatchObject({ code: 'cache_locked', suberror: 'MOVED' })
  })
})

/** Nodes end here, so this comes last. */
describe.skipIf(reason)(title('a node that is dead'), () => {
  test('partitions on it reject, those on others go on; all reject where the cluster is to be whole', async () => {
    await empty()
    const patient = () => ({ timeout: 120_000 })
    const impatient = () => ({ timeout: 200 })
    const home = new Map<string, number>()
    const store = spread.open(spread.clusters[0], patient)
    for (const partition of partitions) {
      await put(store, partition, 'token')
      const holder = await holderOf(nodes, await slotOf(`${spread.prefix}p:${partition}`))
      home.set(partition, nodes.indexOf(holder))
    }
    await put(braces.open(braces.clusters[0]), 'a', 'token')
    const bracesHome = nodes.indexOf(await holderOf(nodes, await slotOf(`${braces.prefix}p:a`)))
    const dead = (bracesHome + 1) % nodes.length
    const [gone, alive] = [true, false].map((isGone) =>
      partitions.filter((partition) => (home.get(partition) === dead) === isGone),
    ) as [string[], string[]]
    expect(Math.min(gone.length, alive.length)).toBeGreaterThan(0)
    await nodes[dead]!.stop()

    for (const { name, open, clusters } of [spread, overIoredis]) {
      const hasty = open(clusters[0], impatient)
      const errors = await Promise.all(
        gone.flatMap((partition) => [
          failure(() => hasty.get(partition)),
          failure(() => put(hasty, partition, 'later')),
        ]),
      )
      for (const error of errors) {
        expect(error).toBeInstanceOf(AuthError)
        expect(['network_error', 'timeout'], name).toContain((error as AuthError).code)
      }
      const others = open(clusters[0], patient)
      for (const partition of alive) {
        await put(others, partition, name)
        expect(await namesIn(others, partition)).toContain(name)
      }
    }

    const oneNode = braces.open(braces.clusters[0], patient)
    expect(await namesIn(oneNode, 'a')).toEqual(['token'])
    // node-redis asks all nodes for a list, wherever the keys are.
    for (const { open, clusters } of [spread, braces]) {
      const error = await failure(() => open(clusters[0], impatient).partitions!())
      expect(error).toBeInstanceOf(AuthError)
      expect(['network_error', 'timeout']).toContain((error as AuthError).code)
    }

    const rest = nodes.filter((_, index) => index !== dead)
    const strict = ['cluster-require-full-coverage', 'yes', 'cluster-node-timeout', '1000']
    for (const { admin } of rest) await admin.sendCommand(['CONFIG', 'SET', ...strict])
    for (const node of rest) await clusterIs(node, 'fail')
    expect(await failure(() => oneNode.get('a'))).toMatchObject({ code: 'cache_locked', suberror: 'CLUSTERDOWN' })
    expect(await failure(() => put(oneNode, 'a', 'later'))).toMatchObject({ suberror: 'CLUSTERDOWN' })
  })
})
