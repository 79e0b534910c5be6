import { expectClient } from '../arguments/expectClient.js'
import type { Client } from '../client/client.js'

/**
 * Tells whether the operating system signs requests for this client: its broker is there, and takes its authority.
 *
 * @param client Either kind of client; a confidential one has no broker.
 * @returns `true` where it does.
 * @throws {TypeError} when the client is none.
 */
export async function isPopSupported(client: Client): Promise<boolean> {
  expectClient(client)
  return (await client.broker?.isAvailable(client)) ?? false
}
