import { afterAll, beforeAll, beforeEach } from 'vitest'
import { Skipped } from './outcome.ts'

/**
 * Opens something that the tests around it use, a browser for one; where this machine has none they are skipped, with the reason.
 *
 * @param open Opens it; throws `Skipped` where there is none.
 * @returns Gives what was opened to a test.
 */
export function openForTests<T extends { close(): Promise<unknown> }>(open: () => Promise<T>): () => T {
  let opened: T | undefined
  let missing: string | undefined
  beforeAll(async () => {
    try {
      opened = await open()
    } catch (error) {
      if (!(error instanceof Skipped)) throw error
      missing = error.message
      console.log(`skipped: ${missing}`)
    }
  }, 180_000)
  afterAll(() => opened?.close())
  beforeEach((test) => {
    if (!opened) test.skip(missing)
  })
  return () => opened!
}
