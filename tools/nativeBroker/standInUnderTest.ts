import { randomUUID } from 'node:crypto'
import { createPublicClient, type Broker } from '@latchkey/core'
import type { BrokerRefusal, BrokerUnderTest } from '@latchkey/core/testing'
import { expect } from 'vitest'
import type { StandIn } from './standIn.ts'

const statuses = {
  interaction_required: 2,
  network_error: 3,
  broker_error: 6,
  user_cancelled: 7,
} as const satisfies Record<BrokerRefusal, number>

/**
 * Puts a broker over the stand-in before the contract.
 *
 * @param standIn The stand-in.
 * @param broker The broker, which is new and requires it.
 * @returns What the contract asks for; at the end, all that the stand-in gave must have come back.
 */
export function standInUnderTest(standIn: StandIn, broker: Broker): BrokerUnderTest {
  const authority = 'https://login.microsoftonline.com/organizations'
  const fetch = (): never => {
    throw new Error('The network was asked')
  }
  standIn.reset()
  return {
    client: createPublicClient({ clientId: randomUUID(), authority, broker, fetch }),
    signIn(username, password) {
      standIn.addAccount(username, randomUUID(), randomUUID())
      if (password) standIn.set('password', password)
    },
    refuse: (refusal) => standIn.set('status', refusal ? statuses[refusal] : null),
    hold: () => standIn.set('callback', 'late'),
    release() {
      standIn.set('callback', null)
      standIn.release()
    },
    async close() {
      await expect.poll(() => [standIn.pending(), standIn.live()]).toEqual([0, 0])
      expect(standIn.misuses()).toMatchObject({ amount: 0 })
    },
  }
}
