import { afterAll, describe, expect, test } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { msalRuntimeOn } from '../src/createMsalRuntime.js'
import { thisSystem } from '../src/native/loadLibrary.js'
import { countHandles } from './countHandles.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`handles${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  afterAll(() => standIn.remove())

  test('of every kind are back after 5,000 operations of every kind, also of those that fail', async () => {
    const { counts, load } = countHandles()
    const runtime = msalRuntimeOn(thisSystem, load, { libraryPath: standIn.path, onLog: () => {} })
    expect(await runtime.start()).toBeUndefined()
    standIn.addAccount('zoe@fabrikam.example', 'id', 'realm')
    const asked = {
      clientId: 'app',
      authority: 'https://login.microsoftonline.com/organizations',
      scopes: ['User.Read'],
    }
    const call = { correlationId: crypto.randomUUID() }
    // What needs an account reads it first: 13 operations.
    const all = (): Promise<unknown>[] => [
      runtime.discoverAccounts('app', call),
      runtime.readAccount('id', call),
      runtime.readAccount('nobody', call),
      runtime.signIn(1n, asked, call),
      runtime.signInSilently(asked, call),
      runtime.signInInteractively(1n, asked, call),
      runtime.signInInteractively(0n, asked, call),
      runtime.acquireTokenSilently('id', asked, call),
      runtime.acquireTokenInteractively(1n, 'id', asked, call),
      runtime.signOut('app', 'id', call),
    ]
    for (let round = 0; round < 400; round++) {
      standIn.set('status', round % 4 === 0 ? 2 : null)
      await Promise.allSettled(all())
    }
    await runtime.stop()
    expect(standIn.count('ReadAccountById')).toBe(2000)
    expect(Object.keys(counts).toSorted()).toEqual(
      [
        'Account',
        'Async',
        'AuthParameters',
        'AuthResult',
        'DiscoverAccountsResult',
        'Error',
        'LogHandle',
        'ReadAccountResult',
        'SignOutResult',
      ].toSorted(),
    )
    expect(Object.entries(counts).filter(([, count]) => count !== 0)).toEqual([])
    expect([standIn.live(), standIn.misuses()]).toMatchObject([0, { amount: 0 }])
  }, 120_000)
})
