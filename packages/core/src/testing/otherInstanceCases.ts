import { assert, assertSame, isEmpty } from './assert.js'
import { documentOf, put, secretsOf } from './sample.js'
import type { UnboundCase } from './StoreUnderTest.js'

const single = 'the store has no second instance'

/** What another process or tab sees. */
export const otherInstanceCases: readonly UnboundCase[] = [
  {
    name: 'a second instance reads, lists and updates what the first wrote',
    async run({ store, reopen, apart }) {
      if (!reopen) return single
      await store.update('a', () => documentOf('one'))
      const other = await reopen()
      assertSame(await other.get('a'), documentOf('one'), 'the second instance reads something else')
      if (apart && other.partitions) assertSame([...(await other.partitions())], ['a'], 'it lists something else')
      await other.update('a', (document) => put(document, 'two'))
      assertSame(secretsOf(await (await reopen()).get('a')), ['one', 'two'], 'its update is not kept')
    },
  },
  {
    name: 'each sees on its next read what the other wrote',
    async run({ store, reopen }) {
      if (!reopen) return single
      const other = await reopen()
      assert(isEmpty(await other.get('a')), 'the second instance shows something before anything was written')
      for (let round = 0; round < 5; round++) {
        for (const [writer, reader] of [
          [store, other],
          [other, store],
        ] as const) {
          await writer.update('a', (document) => put(document, `round ${round}`))
          assertSame(await reader.get('a'), await writer.get('a'), 'an old document was read')
        }
      }
      await store.update('a', () => undefined)
      assert(isEmpty(await other.get('a')), 'what the first removed is still read by the second')
    },
  },
  {
    name: 'subscribe tells of a change made elsewhere, until it is ended',
    async run({ store, reopen, apart }) {
      if (!store.subscribe) return 'the store cannot tell of changes'
      if (!reopen) return single
      const other = await reopen()
      await store.update('a', () => documentOf('one'))
      const early: string[] = []
      const stopEarly = store.subscribe((partition) => early.push(partition))
      stopEarly()
      stopEarly()
      let stop: (() => void) | undefined
      const told = new Promise<string>((resolve) => (stop = store.subscribe?.(resolve)))
      await other.update('a', (document) => put(document, 'two'))
      const partition = await told
      if (apart) assertSame(partition, 'a', 'another partition was named')
      assertSame(secretsOf(await store.get(partition)), ['one', 'two'], 'the change is not there once it is told')
      stop?.()
      assertSame(early, [], 'a listener was called after it was ended')
    },
  },
]
