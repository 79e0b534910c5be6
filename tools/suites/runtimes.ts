import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, serve } from '@latchkey/emulator'
import { check, type Outcome, type Suite } from '../outcome.ts'
import { bundlePortableTests, portableTests, type ServedDefaults } from '../portable/bundle.ts'
import { type Loopback, openLoopback } from '../portable/loopback.ts'
import type { Report } from '../portable/report.ts'
import { type Runtime, runtimes } from '../portable/runtimes.ts'

export const runtimeSuite: Suite = {
  name: 'runtimes',
  about: `the portable tests on the built packages, in ${runtimes.map(({ name }) => name).join(', ')}`,
  async run() {
    await using loopback = await openLoopback()
    const emulator = createEmulator()
    const served = await serve(emulator)
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-runtimes-'))
    try {
      const outcomes: Outcome[] = []
      for (const runtime of runtimes)
        outcomes.push(...(await runIn(runtime, folder, loopback, { ...emulator.defaults, url: served.url })))
      return outcomes
    } finally {
      await served.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function runIn(
  runtime: Runtime,
  folder: string,
  loopback: Loopback,
  emulator: ServedDefaults,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const started = await check(`runs in ${runtime.name}`, async () => {
    const script = await bundlePortableTests(runtime.conditions, runtime.reporting, emulator)
    const path = join(folder, `${runtime.name.replace(' ', '-')}.mjs`)
    writeFileSync(path, script)
    loopback.serve(script)
    const report = JSON.parse(await runtime.start(path, loopback)) as Report
    if (!runtime.isIt(report.runtime))
      throw new Error(`That was not ${runtime.name}: ${JSON.stringify(report.runtime)}`)
    const silent = portableTests().filter((path) => !report.results.some(({ name }) => name.startsWith(path)))
    if (silent.length > 0) throw new Error(`No test ran in ${silent.join(', ')}`)
    for (const { name, state, error } of report.results)
      outcomes.push({
        name: `${runtime.name}: ${name}`,
        state,
        detail: state === 'skipped' ? 'its file says so' : error,
      })
  })
  const failed = outcomes.filter(({ state }) => state === 'failed')
  if (outcomes.length > 0) console.log(`      ${outcomes.length} tests, ${failed.length} failed`)
  for (const { name, detail } of failed) console.log(`      ✗ ${name}\n${detail}`)
  return [started, ...outcomes]
}
