import type { CacheDocument } from '../ports/cacheStore.js'
import { assert, assertSame, isEmpty } from './assert.js'
import { awkwardDocument, documentOf, entity, put, secretsOf } from './sample.js'
import type { UnboundCase } from './StoreUnderTest.js'

/** What is put in comes out. */
export const contentCases: readonly UnboundCase[] = [
  {
    name: 'a new store is empty',
    async run({ store }) {
      assert(isEmpty(await store.get('a')), 'get gave something before anything was written')
      let current: CacheDocument | undefined
      await store.update('a', (document) => ((current = document), document))
      assert(isEmpty(current), 'next was given something before anything was written')
    },
  },
  {
    name: 'get gives what update wrote',
    async run({ store }) {
      await store.update('a', () => documentOf('one'))
      assertSame(await store.get('a'), documentOf('one'), 'the document is another')
    },
  },
  {
    name: 'next is given the current document, and may change it in place',
    async run({ store }) {
      await store.update('a', () => documentOf('one'))
      await store.update('a', (document) => put(document, 'two'))
      assertSame(secretsOf(await store.get('a')), ['one', 'two'], 'the second update did not add to the first')
      await store.update('a', (document) => {
        delete document?.AccessToken?.['key-one']
        return document
      })
      assertSame(secretsOf(await store.get('a')), ['two'], 'what was deleted is there')
    },
  },
  {
    name: 'next is synchronous: it has run once update is settled',
    async run({ store }) {
      let ran = false
      await store.update('a', (document) => ((ran = true), document))
      assert(ran, 'next was not called')
    },
  },
  {
    name: 'unknown sections, unknown fields and awkward names are kept',
    async run({ store }) {
      const parse = (): CacheDocument => JSON.parse(awkwardDocument) as CacheDocument
      await store.update('a', parse)
      assertSame(await store.get('a'), parse(), 'something was lost')
      await store.update('a', (document) => put(document, 'one'))
      const expected = parse()
      expected.AccessToken!['key-one'] = entity('one')
      assertSame(await store.get('a'), expected, 'something was lost by the next update')
      assert(!('polluted' in {}), 'Object.prototype was changed')
    },
  },
  {
    name: 'a large document is kept',
    async run({ store }) {
      await store.update('a', () => documentOf('x'.repeat(1_000_000)))
      assertSame(await store.get('a'), documentOf('x'.repeat(1_000_000)), 'the document is another')
    },
  },
  {
    name: 'the document is the same object while nothing was written',
    async run({ store }) {
      await store.update('a', () => documentOf('one'))
      const first = await store.get('a')
      assert(first !== undefined, 'the document is missing')
      for (let index = 0; index < 3; index++)
        assert((await store.get('a')) === first, 'get gave another object, so that look-ups are indexed anew each time')
    },
  },
  {
    name: 'an update that returns undefined leaves nothing',
    async run({ store }) {
      await store.update('a', () => documentOf('one'))
      await store.update('a', () => undefined)
      assert(isEmpty(await store.get('a')), 'the document is still there')
      await store.update('a', (document) => put(document, 'two'))
      assertSame(secretsOf(await store.get('a')), ['two'], 'what was written afterwards is not all there is')
    },
  },
  {
    name: 'an update of nothing to nothing is fine',
    async run({ store }) {
      await store.update('a', () => undefined)
      assert(isEmpty(await store.get('a')), 'something is there')
    },
  },
  {
    name: 'an update that throws fails with that error, and changes nothing',
    async run({ store }) {
      await store.update('a', () => documentOf('one'))
      const reason = new Error('of the test')
      let thrown: unknown
      try {
        await store.update('a', () => {
          throw reason
        })
      } catch (error) {
        thrown = error
      }
      assert(thrown === reason, 'update did not fail with what next threw')
      assertSame(await store.get('a'), documentOf('one'), 'the document was changed')
      await store.update('a', (document) => put(document, 'two'))
      assertSame(secretsOf(await store.get('a')), ['one', 'two'], 'the store does not work afterwards')
    },
  },
]
