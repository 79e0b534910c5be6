import { idbCache } from '@latchkey/cache-idb'
import { cacheStoreContract } from '@latchkey/core/testing'
import { describe, expect, it } from 'vitest'

// In IndexedDB where the runtime has it, else in memory.
const isBrowser = typeof indexedDB === 'object'
let databases = 0

describe(`idbCache, ${isBrowser ? 'in IndexedDB' : 'in memory'}`, () => {
  const reports: unknown[] = []
  const contract = cacheStoreContract(() => {
    const name = `contract ${databases++}`
    const report = (error: unknown): unknown => reports.push(error)
    const open = () => idbCache({ name, onDegraded: report, onCorrupt: report })
    return { store: open(), ...(isBrowser && { reopen: open }) }
  })
  for (const { name, run } of contract) it(name, () => run())

  it('reports nothing in a browser, and elsewhere where the tokens are', () => {
    const said = reports.map((error) => (error as { suberror?: string }).suberror)
    if (isBrowser) expect(reports).toEqual([])
    else expect(new Set(said)).toEqual(new Set(['storage_blocked']))
  })
})
