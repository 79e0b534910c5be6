import { AuthError } from '@latchkey/core'
import { getPinned } from './getPinned.js'
import type { ManagedIdentityHost } from './ManagedIdentityHost.js'
import { nodeModule, nodeProcess } from './nodeModules.js'
import { readSmallFile } from './readSmallFile.js'

/**
 * Makes the host of Node, Deno and Bun; where the runtime has no files or no TLS, what needs them rejects.
 *
 * @returns The host.
 */
export function nodeHost(): ManagedIdentityHost {
  return {
    platform: nodeProcess().platform ?? '',
    exists: (path) => {
      try {
        return nodeModule('fs')?.existsSync(path) ?? false
      } catch {
        return false // Deno without --allow-read
      }
    },
    readFile: async (path, limits) => readSmallFile(nodeModule('fs') ?? absent('files'), path, limits),
    getPinned: async (url, request) =>
      getPinned(nodeModule('tls') ?? absent('TLS'), nodeModule('http') ?? absent('HTTP'), url, request),
  }
}

function absent(what: string): never {
  throw new AuthError('managed_identity_unavailable', `Cannot use this source: the runtime gives no access to ${what}`)
}
