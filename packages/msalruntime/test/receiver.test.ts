import { afterAll, afterEach, describe, expect, test } from 'vitest'
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
  afterEach(() => {
    expect([standIn.misuses(), standIn.started()]).toMatchObject([{ amount: 0 }, 0])
    standIn.reset()
  })

  const begin = async () => {
    const { platform, arch } = process
    const found = findLibrary(thisSystem(), standIn.path) as FoundLibrary
    const { exports, koffiPath } = loadLibrary(thisSystem(), found) as LoadedLibrary
    const conventions = conventionsOf(platform, arch)
    const native = nativeCalls(exports, conventions.isWide)
    const receiver = await startReceiver({ ...conventions, koffiPath, onLog: () => {} })
    await native.callAsync('Startup')
    const { run, cancelAll, whenIdle } = operations(native, receiver)
    const discover = (signal?: AbortSignal) =>
      run({
        name: 'DiscoverAccountsAsync',
        args: ['app', crypto.randomUUID()],
        read: () => 'an answer',
        release: 'ReleaseDiscoverAccountsResult',
        call: { correlationId: crypto.randomUUID(), signal },
      })
    const end = async (): Promise<void> => {
      await native.callAsync('Shutdown')
      await receiver.end()
    }
    return { receiver, discover, cancelAll, whenIdle, end }
  }

  test.each(['twice', 'again'])(
    'gives every result back once, also where an operation is called back %s',
    async (how) => {
      const { discover, whenIdle, end } = await begin()
      standIn.set('callback', how)
      const answers = await Promise.all(Array.from({ length: 300 }, () => discover()))
      expect(answers).toHaveLength(300)
      await whenIdle()
      await expect.poll(() => [standIn.pending(), standIn.live()]).toEqual([0, 0])
      await end()
    },
  )

  test.each(['twice', 'again', 'late'])('gives the result back of who has left, called back %s', async (how) => {
    const { discover, whenIdle, end } = await begin()
    standIn.set('callback', how)
    standIn.set('cancel', 'ignored')
    const controller = new AbortController()
    const left = discover(controller.signal)
    controller.abort()
    await expect(left).rejects.toMatchObject({ code: 'user_cancelled' })
    standIn.release()
    await whenIdle()
    await expect.poll(() => [standIn.pending(), standIn.live()]).toEqual([0, 0])
    await end()
  })

  test('waits for what is to come, and for nothing else, also after an answer that came twice', async () => {
    const { receiver, discover, cancelAll, whenIdle, end } = await begin()
    standIn.set('callback', 'twice')
    for (let round = 0; round < 3; round++) expect(await discover()).toBe('an answer')
    await expect.poll(() => standIn.pending()).toBe(0)
    expect(receiver.waitForAll(0)).toBe(true)

    // One that is on its way is not made up for by the answers too many.
    standIn.set('callback', 'late')
    const late = discover()
    expect(receiver.waitForAll(0)).toBe(false)
    standIn.release()
    await late
    await whenIdle()
    void discover()
    cancelAll()
    expect(receiver.waitForAll(60_000)).toBe(true)
    await end()
  })
})
