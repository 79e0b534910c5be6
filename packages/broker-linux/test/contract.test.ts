import { brokerContract } from '@latchkey/core/testing'
import { afterAll, describe, test } from 'vitest'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { standInUnderTest } from '../../../tools/nativeBroker/standInUnderTest.ts'
import { linuxBrokerOn } from '../src/linuxBroker.js'
import { thisSystem } from '../src/LinuxSystem.js'

const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`linuxBroker, over a library that stands in${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const standIn = missing ? (undefined as never) : buildStandIn()
  afterAll(() => standIn.remove())
  const system = thisSystem({ platform: 'linux', arch: 'x64' })
  const cases = brokerContract(() => {
    const broker = linuxBrokerOn(system, { libraryPath: standIn.path, policy: 'require' })
    return standInUnderTest(standIn, broker)
  })
  for (const { name, run } of cases) test(name, ({ skip }) => run(skip))
})
