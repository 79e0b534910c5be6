import { AuthError } from '@latchkey/core'
import { variable } from '@latchkey/core/internal'
import type { ManagedIdentityClient } from '../ManagedIdentityClient.js'

/** The most that a key file may hold, in bytes. */
const maxBytes = 4096

/**
 * Reads the key file that Azure Arc's agent names in its challenge. The name may come from anybody who answers on that port: the path
 * is put together anew from the agent's own folder, and what does not come out the same is refused.
 *
 * @param client Whose host and variables.
 * @param headers The agent's first answer.
 * @returns The key, as it is in the file but for the end of the line.
 * @throws {AuthError} `managed_identity_error` when there is no challenge, or the file is not one of the agent's keys;
 * `managed_identity_unavailable` on an operating system without an agent.
 */
export async function readArcKey({ host, env }: ManagedIdentityClient, headers: Headers): Promise<string> {
  const parts = (headers.get('www-authenticate') ?? '').split('=')
  const [scheme = '', path = ''] = parts
  if (parts.length !== 2 || !/^basic realm$/i.test(scheme)) {
    const names = [...headers.keys()].slice(0, 32).join(', ')
    throw new AuthError('managed_identity_error', `Cannot use Azure Arc: no challenge with a key file among ${names}`)
  }
  const folder = keyFolder(host.platform, env)
  const separator = host.platform === 'win32' ? '\\' : '/'
  const [name = ''] = /(?<=[\\/])[\w-][\w.-]{0,127}\.key$/.exec(path) ?? []
  const own = `${folder}${separator}${name}`
  const comparable = (text: string): string =>
    host.platform === 'win32' ? text.replaceAll('/', '\\').toLowerCase() : text
  if (!name || comparable(path) !== comparable(own))
    throw new AuthError('managed_identity_error', `Cannot use Azure Arc: its challenge names no key file in ${folder}`)
  let key: string
  try {
    key = await host.readFile(own, { maxBytes, followLinks: false })
  } catch (cause) {
    if (cause instanceof AuthError) throw cause
    const reason = (cause as { code?: string } | undefined)?.code ?? (cause as Error | undefined)?.message
    throw new AuthError('managed_identity_error', `Cannot read Azure Arc's key file: ${reason}`, { cause })
  }
  // It becomes a header, which loses a line's end and cannot hold more than one line.
  if (!/^[\x21-\x7e][\x20-\x7e]*\r?\n?$/.test(key))
    throw new AuthError('managed_identity_error', "Cannot use Azure Arc's key file: it holds no key")
  return key.trimEnd()
}

function keyFolder(platform: string, env: ManagedIdentityClient['env']): string {
  if (platform === 'linux') return '/var/opt/azcmagent/tokens'
  const data = variable(env, 'ProgramData')
  if (platform === 'win32' && data && /^[a-z]:\\/i.test(data))
    return `${data.replace(/\\+$/, '')}\\AzureConnectedMachineAgent\\Tokens`
  throw new AuthError(
    'managed_identity_unavailable',
    platform === 'win32'
      ? 'Cannot use Azure Arc: the variable ProgramData names no folder'
      : `Cannot use Azure Arc: it has no agent for ${platform || 'this system'}`,
  )
}
