import { variable } from '@latchkey/core/internal'
import type { ManagedIdentityClient } from '../ManagedIdentityClient.js'
import { appService } from './appService.js'
import { azureArc } from './azureArc.js'
import { imds } from './imds.js'
import { machineLearning } from './machineLearning.js'
import { serviceFabric } from './serviceFabric.js'
import type { Source } from './Source.js'

/** What the choice of a source stands on. */
export interface Surroundings {
  /** The variables that count, and whether each is there, even if empty. */
  readonly variables: Readonly<Record<string, boolean>>
  /** Whether Azure Arc's agent is installed; `undefined` where it was not looked for, as the variables decided. */
  readonly hasArcAgent: boolean | undefined
}

/** In the order in which they are tried; what is asked for is there, even if empty. */
const byVariables: readonly (readonly [source: Source, ...names: string[]])[] = [
  [serviceFabric, 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'IDENTITY_SERVER_THUMBPRINT'],
  [appService, 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER'],
  [machineLearning, 'MSI_ENDPOINT', 'MSI_SECRET'],
  [azureArc, 'IDENTITY_ENDPOINT', 'IMDS_ENDPOINT'],
]

/**
 * Finds out where the program runs, without a request: looks at the variables, then for Azure Arc's agent.
 *
 * @param client Whose variables and files.
 * @returns The source, and what it was chosen for.
 */
export async function chooseSource({
  env,
  host,
}: Pick<ManagedIdentityClient, 'env' | 'host'>): Promise<Surroundings & { readonly source: Source }> {
  const has = (name: string): boolean => variable(env, name) !== undefined
  const names = [...new Set(byVariables.flatMap(([, ...names]) => names)), 'AZURE_POD_IDENTITY_AUTHORITY_HOST']
  const variables = Object.fromEntries(names.map((name) => [name, has(name)]))
  const [source] = byVariables.find(([, ...names]) => names.every(has)) ?? []
  if (source) return { source, variables, hasArcAgent: undefined }
  const { platform } = host
  const agent =
    platform === 'linux'
      ? '/opt/azcmagent/bin/himds'
      : platform === 'win32' && `${variable(env, 'ProgramFiles')}\\AzureConnectedMachineAgent\\himds.exe`
  const hasArcAgent = agent ? await host.exists(agent) : false
  return { source: hasArcAgent ? azureArc : imds, variables, hasArcAgent }
}
