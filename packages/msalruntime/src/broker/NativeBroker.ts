import type { Broker, Client } from '@latchkey/core'
import type { BrokerStatus } from './BrokerStatus.js'

/** A broker that says why it is not used. */
export interface NativeBroker extends Broker<Client> {
  /**
   * Tells whether the broker can be used, and why not; starts it where that was not done yet.
   *
   * @param client The client that it is for; without one, its authority is not looked at.
   * @returns The status.
   */
  status(client?: Client): Promise<BrokerStatus>
}
