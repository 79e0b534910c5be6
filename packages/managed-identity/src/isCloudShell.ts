import { variable } from '@latchkey/core/internal'

/**
 * Tells whether the program runs in Azure Cloud Shell.
 *
 * @param env The environment variables.
 * @returns Whether it does.
 */
export function isCloudShell(env: Readonly<Record<string, string | undefined>>): boolean {
  return variable(env, 'AZUREPS_HOST_ENVIRONMENT')?.startsWith('cloud-shell') ?? false
}
