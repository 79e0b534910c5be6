import { AuthError, type Client, type Interaction } from '@latchkey/core'
import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'
import type { BrokerOptions } from './BrokerOptions.js'
import type { BrokerPlatform } from './BrokerPlatform.js'
import type { BrokerStatus } from './BrokerStatus.js'

const states: Readonly<Record<MsalRuntimeProblem['reason'], BrokerStatus['state']>> = {
  package_missing: 'package_missing',
  unsupported_system: 'not_installed',
  wrong_architecture: 'wrong_architecture',
  library_missing: 'library_missing',
  start_failed: 'start_error',
}

/** Whether a broker is to be asked. */
export interface Availability {
  /** What is known without loading anything; `undefined` where that is not enough. */
  look(client?: Client): Promise<BrokerStatus | undefined>
  /** Starts the broker. */
  status(client?: Client): Promise<BrokerStatus>
  /** Tells whether to go on with the broker; throws where the app wants nothing else, or has nothing else. */
  enter(client: Client, status: BrokerStatus, interaction?: { readonly given: Interaction | undefined }): boolean
}

/**
 * Makes the rules for when a broker is asked.
 *
 * @param platform The operating system's own.
 * @param policy What the app wants where it cannot be.
 * @returns The rules.
 */
export function availability(platform: BrokerPlatform, policy: BrokerOptions['policy']): Availability {
  const { name, runtime } = platform
  let started: Promise<MsalRuntimeProblem | undefined> | undefined

  /** One start for good; what failed is tried again the next time. */
  const start = async (): Promise<MsalRuntimeProblem | undefined> => {
    started ??= runtime.start()
    const problem = await started.catch((error: unknown) => {
      started = undefined
      throw error
    })
    if (problem) started = undefined
    return problem
  }
  const look = async (client?: Client): Promise<BrokerStatus | undefined> => {
    if (policy === 'never')
      return { state: 'off', message: 'the app does not want it', nextStep: 'set the policy to prefer or require' }
    const { kind, authority } = client ?? {}
    if (kind === 'confidential' || (authority && authority.kind !== 'entra')) {
      const what = kind === 'confidential' ? 'confidential clients' : `authorities of the kind ${authority?.kind}`
      const nextStep = 'use it with a public client of an Entra authority'
      return { state: 'unsupported', message: `it does not serve ${what}`, nextStep }
    }
    return platform.check()
  }
  return {
    look,
    async status(client) {
      const seen = await look(client)
      if (seen) return seen
      const problem = await start()
      if (!problem) return { state: 'available', message: `${name} can be used` }
      const { reason, message, nextStep } = problem
      return platform.explain?.(problem) ?? { state: states[reason], message, nextStep }
    },
    enter(client, { state, message, nextStep }, interaction) {
      if (state === 'available') return true
      if (state === 'off') return false
      const text = `Cannot use ${name}: ${message}${nextStep ? `; ${nextStep}` : ''}`
      if (state === 'package_missing') throw new AuthError('missing_dependency', text)
      if (policy === 'require' || (interaction && !interaction.given)) throw new AuthError('broker_unavailable', text)
      const level = state === 'unsupported' || state === 'other_system' ? 'info' : 'warn'
      client.logger?.(level, `${text}; going on without it`, { broker: name, state })
      return false
    },
  }
}
