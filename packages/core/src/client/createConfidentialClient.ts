import { expect } from '../arguments/expect.js'
import { isRegion } from '../authority/isRegion.js'
import type { ConfidentialClient, ConfidentialClientOptions } from './client.js'
import { clientRecord } from './clientRecord.js'

/**
 * Makes a client for an app that proves who it is: a server, a daemon, an edge function.
 *
 * @param options Who the app is, its proof, and what it stands on.
 * @returns A frozen record for the operations, such as {@link acquireTokenForClient}; keep it as long as the app runs.
 * @throws {TypeError} saying which option is wrong.
 */
export function createConfidentialClient(options: ConfidentialClientOptions): ConfidentialClient {
  const { broker, ...record } = clientRecord(options)
  const { credential, azureRegion = false } = record
  expect(typeof credential?.apply === 'function', 'credential', 'a credential')
  expect(!broker, 'broker', 'none')
  expect(typeof azureRegion === 'boolean' || isRegion(azureRegion), 'azureRegion', 'a region')
  return Object.freeze({ kind: 'confidential', ...record })
}
