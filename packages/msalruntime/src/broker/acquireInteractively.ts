import { AuthError, getAccounts, type Account, type AuthenticationResult, type Client } from '@latchkey/core'
import type { BrokerInteractiveRequest } from '@latchkey/core'
import { endpointsOf, stateOf } from '@latchkey/core/internal'
import type { MsalRuntimeToken } from '../MsalRuntime.js'
import { acquireSilently } from './acquireSilently.js'
import type { BrokerQuestions } from './brokerQuestions.js'

/** What core hands on of its own options, of which brokers can do nothing. */
interface InteractiveRequest extends BrokerInteractiveRequest {
  readonly extraScopesToConsent?: readonly string[] | undefined
}

/**
 * Signs in with a broker: without a window where that is possible and nobody asked for one.
 *
 * @param questions How it is asked.
 * @param client The client.
 * @param given What is asked for.
 * @param handle The window to stand on; the console's where undefined.
 * @returns The result; `undefined` where the broker has none.
 * @throws {AuthError} where it says no.
 */
export async function acquireInteractively(
  questions: BrokerQuestions,
  client: Client,
  given: InteractiveRequest,
  handle: bigint | undefined,
): Promise<AuthenticationResult | undefined> {
  const { ask, parameters, platform } = questions
  const { name, runtime } = platform
  const { loginHint, signal, maxAge } = given
  const prompts = [given.prompt ?? []].flat()
  const selects = prompts.includes('select_account')
  const request = { ...given, correlationId: given.correlationId ?? crypto.randomUUID() }
  const endpoints = await endpointsOf(client, stateOf(client), signal)
  warn(client, name, request, prompts)

  if (loginHint && !selects) {
    const named = await getAccounts(client, { username: loginHint }).catch((): Account[] => [])
    const [account] = named.length === 1 ? named : []
    const found =
      account && (await acquireSilently(questions, client, { ...request, account }).catch(unlessAborted(signal)))
    if (found) return found
  }
  const additional = { max_age: maxAge?.toString(), ...(handle === undefined && { msal_gui_thread: 'true' }) }
  const redirectUri = platform.redirectUri(client.clientId)
  const asked = await parameters(client, endpoints, request, { redirectUri, additional })
  const call = { correlationId: request.correlationId, signal }
  const isSilentOnly = prompts.includes('none')
  if (isSilentOnly || prompts.length === 0) {
    const isWanted = ({ account }: MsalRuntimeToken): boolean =>
      !loginHint || account?.userName?.toLowerCase() === loginHint.toLowerCase()
    try {
      const result = await ask(client, endpoints, request, async () => {
        const token = await runtime.signInSilently(asked, call)
        return isWanted(token) ? token : undefined
      })
      if (result) return result
      if (isSilentOnly) {
        const text = 'Cannot sign in without a window: loginHint is not the account of the operating system'
        throw new AuthError('account_mismatch', text, { error: 'broker_error', correlationId: call.correlationId })
      }
    } catch (error) {
      // What only a window can solve; AccountUnusable has this code, too.
      if (isSilentOnly || (error as AuthError).code !== 'interaction_required') throw error
    }
  }
  const window = handle ?? (await platform.consoleWindow())
  return ask(client, endpoints, request, () =>
    runtime.signInInteractively(window, asked, { ...call, loginHint: selects ? undefined : loginHint }),
  )
}

/** Says what of the request has no effect. */
function warn(
  client: Client,
  name: string,
  { loginHint, extraScopesToConsent }: InteractiveRequest,
  prompts: readonly string[],
): void {
  const without = (what: string): void => client.logger?.('warn', `${name} takes no ${what}`)
  for (const prompt of prompts) if (!/^(none|select_account)$/.test(prompt)) without(`prompt ${prompt}`)
  if (loginHint && prompts.includes('select_account')) without('loginHint with the prompt select_account')
  if (extraScopesToConsent?.length) without('extraScopesToConsent: only the scopes are asked for')
}

const unlessAborted =
  (signal: AbortSignal | undefined) =>
  (error: unknown): undefined => {
    if (signal?.aborted) throw error
  }
