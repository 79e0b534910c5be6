import { environment, expect } from '@latchkey/core/internal'
import type { ManagedIdentityHost } from './host/ManagedIdentityHost.js'
import { nodeHost } from './host/nodeHost.js'
import { isCloudShell } from './isCloudShell.js'
import { chooseSource } from './sources/chooseSource.js'
import { imdsEndpoint } from './sources/imds.js'
import type { ManagedIdentitySource } from './sources/Source.js'

/** What {@link detectManagedIdentity} takes. */
export interface DetectManagedIdentityOptions {
  /** The environment variables. Default: the runtime's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Where Azure Arc's agent is looked for. Default: the files of Node, Deno and Bun. */
  readonly host?: ManagedIdentityHost | undefined
}

/** Where the program runs, and why that is thought. */
export interface ManagedIdentityDetection {
  /** Where its identity comes from; `imds` is what is left when nothing else speaks for another. */
  readonly source: ManagedIdentitySource
  /** The variables that count, and whether each is there, even if empty; never their values. */
  readonly variables: Readonly<Record<string, boolean>>
  /** Whether Azure Arc's agent is installed; `undefined` where the variables had decided. */
  readonly hasArcAgent: boolean | undefined
  /** All of it in words, for a log. */
  readonly explanation: string
}

/**
 * Finds out which source a client would ask, without a request.
 *
 * In Azure Cloud Shell that is `cloudShell`: it has a user's token, which {@link acquireTokenInCloudShell} gets, and no managed identity.
 *
 * @param options The variables, and the files.
 * @returns The source, and what was seen.
 * @throws {TypeError} when an option is wrong.
 */
export async function detectManagedIdentity(
  options: DetectManagedIdentityOptions = {},
): Promise<ManagedIdentityDetection> {
  const { env = environment(), host = nodeHost() } = options
  expect(typeof env === 'object' && env !== null, 'env', 'an object')
  expect(typeof host?.exists === 'function', 'host', 'a host')
  const { source, variables: seen, hasArcAgent } = await chooseSource({ env, host })
  const inCloudShell = isCloudShell(env)
  const name = source.name === 'imds' && inCloudShell ? 'cloudShell' : source.name
  const variables = { ...seen, AZUREPS_HOST_ENVIRONMENT: inCloudShell }
  const set = Object.keys(variables).filter((name) => variables[name as keyof typeof variables])
  const agent = hasArcAgent === undefined ? 'was not looked for' : hasArcAgent ? 'is there' : 'is not there'
  const explanation = [
    `${name}: ${set.length > 0 ? `${set.join(', ')} ${set.length > 1 ? 'are' : 'is'} set` : 'no variable is set'}`,
    `Azure Arc's agent ${agent}`,
    ...(name === 'imds' ? [`what is left is ${new URL(imdsEndpoint(env)).host}`] : []),
  ].join('; ')
  return { source: name, variables, hasArcAgent, explanation }
}
