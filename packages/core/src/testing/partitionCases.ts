import { assert, assertSame, isEmpty } from './assert.js'
import { documentOf, oddPartitions, put, secretsOf } from './sample.js'
import type { UnboundCase } from './StoreUnderTest.js'

const together = 'the store keeps all partitions in one document'
const unlisted = 'the store cannot list its partitions'

/** Whose tokens are whose. */
export const partitionCases: readonly UnboundCase[] = [
  {
    name: 'partitions are kept apart',
    async run({ store, apart }) {
      if (!apart) return together
      await store.update('a', () => documentOf('of a'))
      assert(isEmpty(await store.get('b')), 'a partition shows what is in another')
      await store.update('b', () => documentOf('of b'))
      assertSame(await store.get('a'), documentOf('of a'), 'a partition was changed by a write to another')
      await store.update('a', () => undefined)
      assertSame(await store.get('b'), documentOf('of b'), 'a partition went with another')
    },
  },
  {
    name: 'one document for all is the same for every partition',
    async run({ store, apart }) {
      if (apart) return 'the store keeps partitions apart'
      await store.update('a', (document) => put(document, 'of a'))
      await store.update('b', (document) => put(document, 'of b'))
      for (const partition of ['a', 'b', 'c'])
        assertSame(secretsOf(await store.get(partition)), ['of a', 'of b'], 'a partition does not show all tokens')
    },
  },
  {
    name: 'any text names a partition: paths, NUL, __proto__, case, length, lone surrogates',
    async run({ store, apart }) {
      for (const [index, partition] of oddPartitions.entries())
        await store.update(partition, (document) => put(document, `token ${index}`))
      for (const [index, partition] of oddPartitions.entries()) {
        const secrets = secretsOf(await store.get(partition))
        if (apart)
          assertSame(secrets, [`token ${index}`], `another document under ${JSON.stringify(partition.slice(0, 40))}`)
        else assert(secrets.includes(`token ${index}`), `nothing under ${JSON.stringify(partition.slice(0, 40))}`)
      }
      assert(!('AccessToken' in {}), 'Object.prototype was changed')
    },
  },
  {
    name: 'partitions() lists each partition once, by the name it was given',
    async run({ store, apart }) {
      if (!store.partitions) return unlisted
      assertSame(apart ? [...(await store.partitions())] : [], [], 'an empty store lists partitions')
      for (const partition of oddPartitions) await store.update(partition, () => documentOf('token'))
      const listed = [...(await store.partitions())]
      if (apart) return assertSame(listed.sort(), [...oddPartitions].sort(), 'the list is another')
      assert(new Set(listed).size === listed.length, 'a partition is listed twice')
      const documents = await Promise.all(listed.map(async (partition) => store.get(partition)))
      assert(
        documents.some((document) => !isEmpty(document)),
        'no listed partition has what was written',
      )
    },
  },
  {
    name: 'partitions() does not list what was removed',
    async run({ store, apart }) {
      if (!store.partitions) return unlisted
      if (!apart) return together
      for (const partition of ['a', 'b', 'c']) await store.update(partition, () => documentOf(partition))
      await store.update('b', () => undefined)
      assertSame([...(await store.partitions())].sort(), ['a', 'c'], 'the list is another')
    },
  },
]
