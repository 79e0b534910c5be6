import type { Cell, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import type { AccountListingTask, AccountListingTime, ListingSubject } from './workers/accountListing.ts'

/** MSAL Node takes minutes for one listing of 10,000. */
const mostUsers: Record<ListingSubject, number> = { latchkey: 10_000, 'msal-node': 1000, floor: 10_000 }

export const accountListing: Measurement = {
  name: 'account-listing',
  about: 'the users in a cache, 100 to 10,000 of them',
  async run({ quick, progress }) {
    const rows: Cell[][] = []
    for (const users of quick ? [100] : [100, 1000, 10_000]) {
      const time = async (subject: ListingSubject): Promise<number | undefined> => {
        if (users > mostUsers[subject]) return undefined
        progress(`account-listing: ${users}, ${subject}`)
        const runs = quick || (subject === 'msal-node' && users === mostUsers[subject]) ? 3 : 31
        const args = [JSON.stringify({ subject, users, runs } satisfies AccountListingTask)]
        const flags = ['--expose-gc', '--max-old-space-size=8192']
        return (await runNode<AccountListingTime>('workers/accountListing.ts', args, { flags })).ms
      }
      const [ours, theirs, floor] = [await time('latchkey'), await time('msal-node'), await time('floor')]
      rows.push([users, users * 4, ours, theirs, floor, theirs && theirs / ours!, ours! / floor!])
    }
    return {
      tables: [
        {
          title: 'Listing the users in a cache, in ms',
          columns: ['users', 'entities', 'latchkey', 'msal-node', 'floor', 'msal-node ÷ latchkey', 'latchkey ÷ floor'],
          rows,
          notes: [
            'latchkey: getAccounts over the serializable cache; msal-node: getAllAccounts, which also reads the ID tokens, and is ' +
              'not measured beyond 1,000 users; floor: one pass over the accounts and a sort.',
          ],
        },
      ],
      limits: [],
    }
  },
}
