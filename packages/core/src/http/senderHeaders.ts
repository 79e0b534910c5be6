import type { Client } from '../client/client.js'
import { defined } from '../json/defined.js'
import { platform } from '../runtime/environment.js'
import { version } from '../version.js'

/**
 * Makes the headers that say who asks: this library, the runtime's system, and the application where it gave its name.
 *
 * @param client Whose `appName` and `appVersion`.
 * @returns The headers.
 */
export function senderHeaders({ appName, appVersion }: Client): Record<string, string> {
  return defined({
    'x-client-sku': 'Latchkey',
    'x-client-ver': version,
    'x-client-os': platform()!,
    'x-ms-lib-capability': 'retry-after, h429',
    'x-app-name': appName!,
    'x-app-ver': appVersion!,
  })
}
