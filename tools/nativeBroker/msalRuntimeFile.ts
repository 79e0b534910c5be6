import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from '../root.ts'

/**
 * Finds a file in Microsoft's package.
 *
 * @param path Where it is, from `dist` on.
 * @returns Its absolute path.
 */
export function msalRuntimeFile(...path: string[]): string {
  const manifest = createRequire(join(root, 'package.json')).resolve('@azure/msal-node-runtime/package.json')
  return join(dirname(manifest), 'dist', ...path)
}
