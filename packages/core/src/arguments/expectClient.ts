import type { Client } from '../client/client.js'
import { expect } from './expect.js'

/**
 * Checks that an operation was given a client.
 *
 * @param client What the caller gave.
 * @throws {TypeError} when it is none.
 */
export function expectClient(client: Client): void {
  expect(/public|confidential/.test(client?.kind), 'the client', 'a public or confidential client')
}
