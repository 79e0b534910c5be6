import { expect } from '../arguments/expect.js'
import { brokerCases } from './brokerCases.js'
import type { BrokerUnderTest } from './BrokerUnderTest.js'
import type { ContractCase } from './cacheStoreContract.js'

export type { BrokerRefusal, BrokerUnderTest } from './BrokerUnderTest.js'

/**
 * Gives the tests that every `Broker` passes, whoever wrote it.
 *
 * Under Vitest: `for (const { name, run } of brokerContract(create)) test(name, ({ skip }) => run(skip))`; under `node:test`:
 * `test(name, (t) => run((reason) => t.skip(reason)))`.
 *
 * @param create Makes a client with a new broker; called once for each case.
 * @returns The cases, independent of each other.
 * @throws {TypeError} when `create` is not a function.
 */
export function brokerContract(create: () => BrokerUnderTest | Promise<BrokerUnderTest>): ContractCase[] {
  expect(typeof create === 'function', 'create', 'a function that makes a client with a broker')
  return brokerCases.map(({ name, run }) => ({
    name,
    async run(skip) {
      const subject = await create()
      let reason: string | void
      try {
        reason = await run(subject)
      } finally {
        await subject.close?.()
      }
      if (reason) skip?.(reason)
    },
  }))
}
