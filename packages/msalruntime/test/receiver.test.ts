import { afterAll, describe, expect, test } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { conventionsOf } from '../src/native/bindExports.js'
import {
  findLibrary,
  loadLibrary,
  thisSystem,
  type FoundLibrary,
  type LoadedLibrary,
} from '../src/native/loadLibrary.js'
import { nativeCalls } from '../src/native/nativeCalls.js'
import { operations } from '../src/native/operations.js'
import { startReceiver } from '../src/native/receiver.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`a receiver${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  afterAll(() => standIn.remove())

  test('waits for what is to come, and for nothing else, also after an answer that came twice', async () => {
    const { platform, arch } = process
    const found = findLibrary(thisSystem(), standIn.path) as FoundLibrary
    const { exports, koffiPath } = loadLibrary(thisSystem(), found) as LoadedLibrary
    const conventions = conventionsOf(platform, arch)
    const native = nativeCalls(exports, conventions.isWide)
    const receiver = await startReceiver({ ...conventions, koffiPath, onLog: () => {} })
    await native.callAsync('Startup')
    const { run, cancelAll } = operations(native, receiver)
    const discover = () =>
      run({
        name: 'DiscoverAccountsAsync',
        args: ['app', crypto.randomUUID()],
        read: () => 'an answer',
        release: 'ReleaseDiscoverAccountsResult',
        call: { correlationId: crypto.randomUUID() },
      })
    standIn.set('callback', 'twice')
    for (let round = 0; round < 3; round++) expect(await discover()).toBe('an answer')
    await expect.poll(() => standIn.pending()).toBe(0)
    expect(receiver.waitForAll(0)).toBe(true)

    // One that is on its way is not made up for by the answers too many.
    standIn.set('callback', 'late')
    void discover()
    expect(receiver.waitForAll(0)).toBe(false)
    cancelAll()
    expect(receiver.waitForAll(60_000)).toBe(true)
    await native.callAsync('Shutdown')
    await receiver.end()
  })
})
