import { createMsalRuntime, type MsalRuntime } from '@latchkey/msalruntime'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`many runtimes of one library${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  const warnings: string[] = []
  const warned = ({ name }: Error): void => void warnings.push(name)
  process.on('warning', warned)
  afterAll(() => {
    process.off('warning', warned)
    standIn.remove()
  })
  const runtimes: MsalRuntime[] = []
  const create = (amount: number, onLog?: (level: string, line: string) => void): MsalRuntime[] => {
    const made = Array.from({ length: amount }, () => createMsalRuntime({ libraryPath: standIn.path, onLog }))
    runtimes.push(...made)
    return made
  }
  const discover = (runtime: MsalRuntime) => runtime.discoverAccounts('app', { correlationId: crypto.randomUUID() })
  const workers = (): number => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length
  afterEach(async () => {
    await Promise.all(runtimes.splice(0).map((runtime) => runtime.stop()))
    expect([standIn.started(), standIn.live(), standIn.misuses().amount]).toEqual([0, 0, 0])
    standIn.reset()
  })

  test('12 of them share one start, one thread and one listener', async () => {
    const [before, listeners] = [workers(), process.listenerCount('exit')]
    expect(await Promise.all(create(12).map((runtime) => runtime.start()))).toEqual(Array(12).fill(undefined))
    expect([workers() - before, process.listenerCount('exit') - listeners, standIn.started()]).toEqual([1, 1, 1])
    expect((await Promise.all(runtimes.map(discover))).flat()).toEqual([])
    // A warning comes with the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
    await Promise.all(runtimes.slice(1).map((runtime) => runtime.stop()))
    expect(standIn.started()).toBe(1)
    expect(await discover(runtimes[0]!)).toEqual([])
    await runtimes[0]!.stop()
    expect([workers() - before, process.listenerCount('exit') - listeners, standIn.started()]).toEqual([0, 0, 0])
  })

  test('one that stops waits for its own operations, and not for those of others', async () => {
    const [one, other] = create(2) as [MsalRuntime, MsalRuntime]
    await Promise.all(runtimes.map((runtime) => runtime.start()))
    standIn.set('callback', 'late')
    let isDone = false
    const late = discover(one).then(() => (isDone = true))
    await expect.poll(() => standIn.pending()).toBe(1)
    await other.stop()
    expect(isDone).toBe(false)
    const stopped = one.stop()
    standIn.release()
    await stopped
    expect(await late).toBe(true)
  })

  test('one that stops between the halves of an operation lets it end', async () => {
    const [runtime] = create(1) as [MsalRuntime]
    await runtime.start()
    standIn.addAccount('zoe@fabrikam.example', 'id', 'realm')
    standIn.set('callback', 'late')
    const asked = { clientId: 'app', authority: 'https://login.microsoftonline.com/organizations', scopes: ['a'] }
    const call = { correlationId: crypto.randomUUID() }
    for (const work of [
      () => runtime.acquireTokenSilently('id', asked, call),
      () => runtime.acquireTokenInteractively(1n, 'id', asked, call),
      () => runtime.signOut('app', 'id', call),
    ]) {
      const done = work()
      await expect.poll(() => standIn.pending()).toBe(1)
      const stopped = runtime.stop()
      const ends = standIn.count('Shutdown')
      standIn.release()
      // The second half begins, although somebody waits for the end.
      await expect.poll(() => [standIn.told('operation') === 'ReadAccountById', standIn.pending()]).toEqual([false, 1])
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      expect(standIn.count('Shutdown')).toBe(ends)
      standIn.release()
      await Promise.all([done, stopped])
      expect([standIn.started(), standIn.count('Shutdown')]).toEqual([0, ends + 1])
      await runtime.start()
    }
  })

  test('each that wants the log has it, also one that comes later', async () => {
    const lines: string[] = []
    const [quiet] = create(1) as [MsalRuntime]
    await quiet.start()
    const loud = create(2, (level, line) => void lines.push(`${level} ${line}`))
    await Promise.all(loud.map((runtime) => runtime.start()))
    await discover(quiet)
    await expect.poll(() => lines).toEqual(Array(2).fill('info an operation ends'))
  })

  test('what does not start is shut down, and may start later', async () => {
    const [runtime] = create(1) as [MsalRuntime]
    for (let round = 0; round < 3; round++) {
      standIn.set('startup', 6)
      expect(await runtime.start()).toMatchObject({ reason: 'start_failed', cause: { status: 'ApiContractViolation' } })
      expect(standIn.started()).toBe(0)
    }
    standIn.set('startup', null)
    expect(await runtime.start()).toBeUndefined()
    expect(await discover(runtime)).toEqual([])
  })
})
