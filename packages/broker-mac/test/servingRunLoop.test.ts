import type { MsalRuntime } from '@latchkey/msalruntime'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { thisSystem } from '../src/MacSystem.js'
import { servingRunLoop } from '../src/servingRunLoop.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`servingRunLoop${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  const system = thisSystem({ library: () => standIn.path })
  const turns = (): number => standIn.count('CFRunLoopRunInMode')
  const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  /** Whose operations end once the loop has turned three more times. */
  const waiting = async (): Promise<never> => {
    for (const from = turns(); turns() < from + 3;) await turn()
    return 'done' as never
  }
  const names = [
    ...['start', 'stop', 'discoverAccounts', 'readAccount', 'signIn', 'signInSilently', 'signInInteractively'],
    ...['acquireTokenSilently', 'acquireTokenInteractively', 'signOut'],
  ] as (keyof MsalRuntime)[]
  const runtime = Object.fromEntries(names.map((name) => [name, waiting])) as unknown as MsalRuntime

  beforeEach(() => {
    standIn.reset()
    return () => expect(standIn.misuses()).toMatchObject({ amount: 0 })
  })
  afterAll(() => standIn.remove())

  it.each(names)('the loop turns during %s, and no longer', async (name) => {
    const call = servingRunLoop(runtime, system)[name] as () => Promise<unknown>
    expect(await call()).toBe('done')
    await turn()
    const after = turns()
    for (let index = 0; index < 10; index++) await turn()
    expect(turns()).toBe(after)
    const hasWindow = name === 'signIn' || name.endsWith('Interactively')
    expect(standIn.count('sharedApplication')).toBe(hasWindow ? 1 : 0)
  })

  it('one loop turns for all that is under way, until the last has ended', async () => {
    const served = servingRunLoop(runtime, system)
    const call = served.signInSilently as () => Promise<unknown>
    expect(await Promise.all([call(), call(), call()])).toEqual(['done', 'done', 'done'])
    expect(turns()).toBeLessThan(9)
  })

  it('turns no longer after what failed, and the failure stays what it is', async () => {
    const failure = new Error('of the test')
    const failing = { ...runtime, signOut: () => Promise.reject(failure) }
    await expect(servingRunLoop(failing, system).signOut('app', 'account', { correlationId: '' })).rejects.toBe(failure)
    await turn()
    const after = turns()
    await turn()
    expect(turns()).toBe(after)
  })

  it('leaves the loop to a program that runs it itself', async () => {
    standIn.set('application', 'running')
    const done = { ...runtime, stop: () => Promise.resolve() }
    await servingRunLoop(done, system).stop()
    expect(turns()).toBe(0)
  })
})
