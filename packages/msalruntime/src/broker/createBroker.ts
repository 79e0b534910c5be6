import { AuthError, getAccounts, type Account, type AuthenticationResult, type Client } from '@latchkey/core'
import type { BrokerInteractiveRequest, BrokerSilentRequest } from '@latchkey/core'
import { endpointsOf, expect, findAccessToken, stateOf, tokenGroup, type Endpoints } from '@latchkey/core/internal'
import type { MsalRuntimeParameters, MsalRuntimeToken } from '../MsalRuntime.js'
import { MsalRuntimeError } from '../MsalRuntimeError.js'
import { availability } from './availability.js'
import { brokerError, isRedirectUriRefused } from './brokerError.js'
import type { BrokerOptions } from './BrokerOptions.js'
import type { BrokerPlatform } from './BrokerPlatform.js'
import type { BrokerStatus } from './BrokerStatus.js'
import { keepBrokerToken, type BrokerTokenRequest } from './keepBrokerToken.js'
import type { NativeBroker } from './NativeBroker.js'
import { requestParameters, type ParameterOptions } from './requestParameters.js'
import { windowHandle } from './windowHandle.js'

/** The library itself says that the broker is not there after all. */
const isMissing = (error: unknown): boolean =>
  error instanceof MsalRuntimeError && /^(RequiredBrokerMissing|FallbackToNativeMsal)$/.test(error.status)

/**
 * Makes a broker of what an operating system has of its own: when it is asked and when not, what it is asked, what becomes of the
 * answer.
 *
 * @param platform The operating system's own.
 * @param options The app's wishes.
 * @returns The broker.
 * @throws {TypeError} when an option is wrong.
 */
export function createBroker(platform: BrokerPlatform, options: BrokerOptions = {}): NativeBroker {
  const { policy = 'prefer', msaPassthrough = false } = options
  expect(/^(prefer|require|never)$/.test(policy), 'policy', 'prefer, require or never')
  expect(typeof msaPassthrough === 'boolean', 'msaPassthrough', 'true or false')
  const { name, runtime } = platform
  const { look, status, enter } = availability(platform, policy)
  /** What the last answer said of this device or app, where that will be said again. */
  let refusal: BrokerStatus | undefined

  /** Asks, with the library's errors turned into ours; what is got is kept. */
  async function ask(
    client: Client,
    endpoints: Endpoints,
    request: BrokerTokenRequest,
    operation: () => Promise<MsalRuntimeToken | undefined>,
  ): Promise<AuthenticationResult | undefined> {
    try {
      const result = await keepBrokerToken(client, endpoints, request, operation)
      refusal = undefined
      return result
    } catch (error) {
      if (!(error instanceof MsalRuntimeError) || isMissing(error)) throw error
      const redirectUris = platform.redirectUrisToRegister(client.clientId)
      if (isRedirectUriRefused(error)) {
        const nextStep = `Register the redirect URI ${redirectUris.join(' and ')}`
        refusal = { state: 'wrong_redirect_uri', message: 'The app lacks the redirect URI of the broker', nextStep }
      } else if (error.status === 'DeviceNotRegistered') {
        const nextStep = 'Enrol this device with the organization'
        refusal = { state: 'not_enrolled', message: 'This device is not enrolled', nextStep }
      }
      throw brokerError(error, name, redirectUris, request.correlationId)
    }
  }

  const parameters = (
    client: Client,
    endpoints: Endpoints,
    request: BrokerSilentRequest | BrokerInteractiveRequest,
    more: ParameterOptions = {},
  ): Promise<MsalRuntimeParameters> =>
    requestParameters(client, endpoints, request, {
      msaPassthrough,
      redirectUri: platform.namesRedirectUriSilently ? platform.redirectUri(client.clientId) : undefined,
      ...more,
    })

  /** Tells what a broker that turned out to be missing means; `false` to go on without it. */
  const leave = (client: Client, interaction?: Parameters<typeof enter>[2]): undefined => {
    const nextStep = 'Install the broker and enrol this device'
    refusal = { state: 'not_installed', message: 'the library does not find it', nextStep }
    enter(client, refusal, interaction)
  }

  async function silently(client: Client, given: BrokerSilentRequest): Promise<AuthenticationResult | undefined> {
    const { account, username, password, signal } = given
    const request = { ...given, correlationId: given.correlationId ?? crypto.randomUUID() }
    const { correlationId } = request
    const endpoints = await endpointsOf(client, stateOf(client), signal)
    if (!account) {
      const credentials = { MSALRuntime_Username: username, MSALRuntime_Password: password }
      const asked = await parameters(client, endpoints, request, { additional: credentials })
      return ask(client, endpoints, request, () => runtime.signInSilently(asked, { correlationId, signal }))
    }
    const { localAccountId } = account
    if (!localAccountId) return undefined
    const renew = given.forceRefresh ? await cachedToken(client, endpoints, account, given.scopes ?? []) : undefined
    const asked = await parameters(client, endpoints, request, { accessTokenToRenew: renew })
    return ask(client, endpoints, request, () =>
      runtime.acquireTokenSilently(localAccountId, asked, { correlationId, signal }),
    )
  }

  async function interactively(client: Client, given: BrokerInteractiveRequest, handle: bigint | undefined) {
    const { loginHint, signal, maxAge } = given
    const prompts = [given.prompt ?? []].flat()
    const selects = prompts.includes('select_account')
    const request = { ...given, correlationId: given.correlationId ?? crypto.randomUUID() }
    const endpoints = await endpointsOf(client, stateOf(client), signal)
    for (const prompt of prompts.filter((prompt) => !/^(none|select_account)$/.test(prompt)))
      client.logger?.('warn', `${name} takes no prompt ${prompt}`)
    if (selects && loginHint) client.logger?.('warn', `${name} takes no loginHint with the prompt select_account`)

    if (loginHint && !selects) {
      const named = await getAccounts(client, { username: loginHint }).catch((): Account[] => [])
      const [account] = named.length === 1 ? named : []
      const found = account && (await silently(client, { ...request, account }).catch(unlessAborted(signal)))
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

  return {
    name,
    async status(client) {
      const now = await status(client)
      return now.state === 'available' ? (refusal ?? now) : now
    },
    isAvailable: async (client) => (await status(client)).state === 'available',
    async acquireTokenSilent(client, request) {
      const { account } = request
      // Who signed in another way has refresh tokens, and is not known to the broker.
      if (account && !/^(broker)?$/.test(account.accountSource ?? '')) return undefined
      if (!enter(client, await status(client))) return undefined
      try {
        return await silently(client, request)
      } catch (error) {
        if (isMissing(error)) return leave(client)
        if (!account || account.accountSource || request.signal?.aborted) throw error
        client.logger?.('info', `Cannot get a token with ${name}; going on with what the cache has: ${String(error)}`)
        return undefined
      }
    },
    async acquireTokenInteractive(client, request) {
      const { parentWindow } = request
      const interaction = { given: request.interaction }
      const seen = await look(client)
      if (seen) return void enter(client, seen, interaction)
      expect(
        parentWindow !== undefined && parentWindow !== null,
        'parentWindow',
        'a native window handle; consoleWindow for programs without a window',
      )
      const handle = windowHandle(parentWindow)
      if (!enter(client, await status(client), interaction)) return undefined
      try {
        return await interactively(client, request, handle)
      } catch (error) {
        if (isMissing(error)) return leave(client, interaction)
        throw error
      }
    },
    async removeAccount(client, { localAccountId }) {
      if (!localAccountId || (await status(client)).state !== 'available') return
      try {
        await runtime.signOut(client.clientId, localAccountId, { correlationId: crypto.randomUUID() })
      } catch (error) {
        client.logger?.('warn', `Cannot sign out with ${name}: ${String(error)}`)
      }
    },
  }
}

const unlessAborted =
  (signal: AbortSignal | undefined) =>
  (error: unknown): undefined => {
    if (signal?.aborted) throw error
  }

/** The token that is not to be given again. */
async function cachedToken(
  client: Client,
  { tenant }: Endpoints,
  { homeAccountId, environment }: Account,
  scopes: readonly string[],
): Promise<string | undefined> {
  const owner = { home_account_id: homeAccountId, environment, client_id: client.clientId, realm: tenant }
  return findAccessToken(await client.cache.get(homeAccountId), tokenGroup(owner), scopes, client).token?.secret
}
