import { brokerContract } from '@latchkey/core/testing'
import { afterAll, describe, test } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { standInUnderTest } from '../../../tools/nativeBroker/standInUnderTest.ts'
import { macBrokerOn } from '../src/macBroker.js'
import { thisSystem } from '../src/MacSystem.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`macBroker, over a library that stands in${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  afterAll(() => standIn.remove())
  const system = thisSystem({
    ...{ platform: 'darwin', release: '25.1.0', isMainThread: true },
    exists: () => true,
    library: () => standIn.path,
  })
  const cases = brokerContract(() => {
    const broker = macBrokerOn(system, { libraryPath: standIn.path, policy: 'require' })
    return standInUnderTest(standIn, broker)
  })
  for (const { name, run } of cases) test(name, ({ skip }) => run(skip))
})
