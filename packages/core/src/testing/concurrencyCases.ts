import { assertSame } from './assert.js'
import { put, secretsOf } from './sample.js'
import type { UnboundCase } from './StoreUnderTest.js'

const names = (prefix: string, amount: number): string[] =>
  Array.from({ length: amount }, (_, index) => `${prefix}${String(index).padStart(3, '0')}`)

/** Nothing is lost when many write at once. */
export const concurrencyCases: readonly UnboundCase[] = [
  {
    name: 'of 100 simultaneous updates of a partition none is lost',
    async run({ store }) {
      const secrets = names('token ', 100)
      await Promise.all(secrets.map(async (secret) => store.update('a', (document) => put(document, secret))))
      assertSame(secretsOf(await store.get('a')), secrets, 'updates are lost')
    },
  },
  {
    name: 'simultaneous updates of 30 partitions all arrive',
    async run({ store }) {
      const partitions = names('partition ', 30)
      await Promise.all(
        partitions.flatMap((partition) =>
          ['1', '2'].map(async (n) => store.update(partition, (document) => put(document, `${partition} ${n}`))),
        ),
      )
      for (const partition of partitions) {
        const secrets = secretsOf(await store.get(partition)).filter((secret) => secret.startsWith(partition))
        assertSame(secrets, [`${partition} 1`, `${partition} 2`], 'updates are lost')
      }
    },
  },
  {
    name: 'one update that throws takes none of its neighbours with it',
    async run({ store }) {
      const results = await Promise.allSettled(
        names('token ', 9).map(async (secret, index) =>
          store.update('a', (document) => {
            if (index % 3 === 1) throw new Error(secret)
            return put(document, secret)
          }),
        ),
      )
      assertSame(
        results.map(({ status }) => status === 'rejected'),
        results.map((_, index) => index % 3 === 1),
        'other updates failed than those that threw',
      )
      const expected = names('token ', 9).filter((_, index) => index % 3 !== 1)
      assertSame(secretsOf(await store.get('a')), expected, 'the document is another')
    },
  },
  {
    name: 'reads during writes see a whole document',
    async run({ store }) {
      const secrets = names('token ', 20)
      const writes = secrets.map(async (secret) => store.update('a', (document) => put(document, secret)))
      const reads = secrets.map(async () => secretsOf(await store.get('a')))
      await Promise.all(writes)
      for (const seen of await Promise.all(reads))
        assertSame(seen, secrets.slice(0, seen.length), 'a read shows what was never written')
    },
  },
  {
    name: 'of 100 simultaneous updates through two instances none is lost',
    async run({ store, reopen }) {
      if (!reopen) return 'the store has no second instance'
      const other = await reopen()
      const secrets = names('token ', 100)
      await Promise.all(
        secrets.map(async (secret, index) =>
          (index % 2 ? other : store).update('a', (document) => put(document, secret)),
        ),
      )
      assertSame(secretsOf(await store.get('a')), secrets, 'updates are lost')
      assertSame(secretsOf(await other.get('a')), secrets, 'updates are lost, for the second instance')
    },
  },
]
