// A fresh process (with --expose-gc): fills a cache with users and times their listing.
import process from 'node:process'
import { median } from '../statistics.ts'
import { clientId } from '../subjects/subject.ts'
import { userCache, usernameOf } from '../subjects/userCache.ts'

/** What to do. */
export interface AccountListingTask {
  readonly subject: ListingSubject
  readonly users: number
  readonly runs: number
}

/** What is measured: Latchkey's serializable cache, MSAL Node, and what any one pass costs. */
export type ListingSubject = 'latchkey' | 'msal-node' | 'floor'

/** Milliseconds per listing. */
export interface AccountListingTime {
  readonly ms: number
}

interface Listed {
  readonly homeAccountId: string
  readonly username: string
}

const authority = 'https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222'

const open: Record<ListingSubject, (json: string) => Promise<() => Promise<readonly Listed[]>>> = {
  async latchkey(json) {
    const { createPublicClient, getAccounts, serializableCache } = await import('@latchkey/core')
    const client = createPublicClient({ clientId, authority, cache: serializableCache(json) })
    return () => getAccounts(client)
  },
  async 'msal-node'(json) {
    const { PublicClientApplication } = await import('@azure/msal-node')
    const app = new PublicClientApplication({ auth: { clientId, authority } })
    app.getTokenCache().deserialize(json)
    return () => app.getAllAccounts()
  },
  // One pass over the accounts, no user twice, a sort by name.
  async floor(json) {
    const { Account } = JSON.parse(json) as { Account: Record<string, Record<string, string>> }
    return async () => {
      const users = new Map<string, Listed>()
      for (const { home_account_id: homeAccountId, environment, username } of Object.values(Account)) {
        if (environment !== 'login.windows.net') continue
        users.set(homeAccountId!, { homeAccountId: homeAccountId!, username: username! })
      }
      return [...users.values()].sort((a, b) => (a.username < b.username ? -1 : 1))
    }
  },
}

const { subject, users, runs } = JSON.parse(process.argv[2] ?? '') as AccountListingTask
// A small one first, so that the code is warm.
await measure(50, 200)
process.stdout.write(JSON.stringify({ ms: await measure(users, runs) } satisfies AccountListingTime))

async function measure(users: number, runs: number): Promise<number> {
  const list = await open[subject](userCache(users))
  const times: number[] = []
  globalThis.gc?.()
  for (let run = 0; run < runs; run++) {
    const from = performance.now()
    const listed = await list()
    times.push(performance.now() - from)
    const names = new Set(listed.map(({ username }) => username))
    if (listed.length !== users || !listed.every((_, index) => names.has(usernameOf(index))))
      throw new Error(`${subject} lists others than the ${users} users`)
  }
  return median(times)
}
