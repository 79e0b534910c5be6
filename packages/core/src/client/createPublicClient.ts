import { expect } from '../arguments/expect.js'
import type { PublicClient, PublicClientOptions } from './client.js'
import { clientRecord } from './clientRecord.js'

/**
 * Makes a client for an app that keeps no secret: desktop, command line, single page.
 *
 * @param options Who the app is and what it stands on.
 * @returns A frozen record for the operations; keep it as long as the app runs.
 * @throws {TypeError} saying which option is wrong; a credential is for `createConfidentialClient`.
 */
export function createPublicClient(options: PublicClientOptions): PublicClient {
  const { credential, azureRegion, ...record } = clientRecord(options)
  expect(!credential, 'credential', 'none')
  expect(azureRegion === undefined, 'azureRegion', 'none')
  return Object.freeze({ kind: 'public', ...record })
}
