import {
  acquireTokenByDeviceFlow,
  acquireTokenByUsernamePassword,
  acquireTokenInteractive,
  acquireTokenSilent,
  authorizedFetch,
  createPublicClient,
  getAccounts,
  initiateDeviceFlow,
  removeAccount,
  serializableCache,
  type Account,
  type AuthenticationResult,
  type PublicClient,
} from '@latchkey/core'
import { popup } from '@latchkey/core/popup'
import { completeRedirect, redirect } from '@latchkey/core/redirect'
import { showCache } from '../../scenario/showCache.js'
import { announce } from '../announce.js'
import { element } from '../element.js'
import { emulatorDefaults } from '../emulatorDefaults.js'
import { find } from '../find.js'
import { readForm } from '../form/readForm.js'
import { showChosen } from '../form/showChosen.js'
import { cachePanel } from '../panels/cachePanel.js'
import { errorPanel } from '../panels/errorPanel.js'
import { requestsItem } from '../panels/requestsPanel.js'
import { resultPanel } from '../panels/resultPanel.js'
import { startClock } from '../tokenLife.js'
import { accountsList, type AccountAction } from './accountsList.js'
import { createRuns } from './createRuns.js'

const form = find('#settings', HTMLFormElement)
const button = find('#sign-in', HTMLButtonElement)
const defaults = await emulatorDefaults()
const runs = createRuns()
let cache = serializableCache()
let clients = new Map<string, PublicClient>()
let running: AbortController | undefined
let count = 0

/** One client for each authority, kept as long as the page: it shares the cache with the others. */
function clientFor(tenant: string, capabilities: readonly string[]): PublicClient {
  const authority = `${location.origin}/${tenant === 'id' ? defaults.tenantId : tenant}`
  const key = JSON.stringify([authority, capabilities])
  const client =
    clients.get(key) ??
    createPublicClient({
      ...{ clientId: defaults.publicClientId, authority, cache, fetch: runs.fetch },
      clientCapabilities: capabilities,
      appName: 'playground',
    })
  clients.set(key, client)
  return client
}

function read() {
  const value = readForm(form)
  return {
    client: clientFor(value('tenant'), value('cp1') ? ['CP1'] : []),
    scopes: value('scopes').split(/\s+/).filter(Boolean),
    claims: value('claims') || undefined,
    prompt: value('prompt') || undefined,
    way: value('way'),
    username: value('username'),
    password: find('[name=password]', HTMLInputElement, form).value,
  }
}

async function signIn(signal: AbortSignal): Promise<AuthenticationResult> {
  const { client, scopes, claims, prompt, way, username, password } = read()
  if (way === 'password') return acquireTokenByUsernamePassword(client, { username, password, scopes, claims, signal })
  if (way === 'device') {
    const flow = await initiateDeviceFlow(client, { scopes, claims, signal })
    const link = element('a', { href: flow.verificationUri, target: '_blank' }, flow.verificationUri)
    const device = find('#device', HTMLElement)
    device.replaceChildren('Open ', link, ' and enter ', element('code', {}, flow.userCode))
    device.hidden = false
    return acquireTokenByDeviceFlow(client, { flow, claims, signal }).finally(() => (device.hidden = true))
  }
  const interaction =
    way === 'popup'
      ? popup({ redirectUri: `${location.origin}/receiver.html` })
      : redirect({ redirectUri: `${location.origin}/people.html` })
  // The page that comes back has to ask the same authority.
  sessionStorage.setItem('tenant', readForm(form)('tenant'))
  const loginHint = username || undefined
  return acquireTokenInteractive(client, { scopes, claims, prompt, loginHint, interaction, signal })
}

async function act(action: AccountAction, account: Account): Promise<void> {
  const { client, scopes, claims } = read()
  const acquire = (more: object) => acquireTokenSilent(client, { scopes, account, ...more })
  const work: Record<AccountAction, () => Promise<AuthenticationResult | undefined>> = {
    silent: () => acquire({ claims }),
    refresh: () => acquire({ claims, forceRefresh: true }),
    remove: () => removeAccount(client, { account }).then(() => undefined),
    async api() {
      let last: AuthenticationResult | undefined
      const callApi = authorizedFetch(async (request) => (last = await acquire(request)), {
        origins: [location.origin],
        fetch: runs.fetch,
      })
      const response = await callApi('/resource')
      if (!response.ok) throw new Error(`The API answered ${response.status}`)
      return last
    },
  }
  await present(`${action}: ${account.username}`, await runs.run(work[action]))
}

async function present(title: string, outcome: Awaited<ReturnType<typeof runs.run>>): Promise<void> {
  const { result, error } = outcome
  find('#announcement', HTMLElement).textContent = announce(outcome)
  if (result || error)
    find('#result .body', HTMLElement).replaceChildren(
      ...(error ? [errorPanel(error, outcome, startOver)] : []),
      ...(result ? [resultPanel(result, outcome)] : []),
    )
  find('#requests .body', HTMLElement).prepend(requestsItem(`${++count}. ${title}`, outcome))
  await presentCache()
}

async function presentCache(): Promise<void> {
  const accounts = await getAccounts(read().client)
  find('#accounts .body', HTMLElement).replaceChildren(accountsList(accounts, (action, who) => void act(action, who)))
  find('#cache .body', HTMLElement).replaceChildren(cachePanel(await showCache(cache, false), () => {}))
}

function startOver(): void {
  cache = serializableCache()
  clients = new Map()
  void presentCache()
}

form.addEventListener('change', () => {
  showChosen(form)
  void presentCache()
})
form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (running) {
    running.abort()
    return
  }
  const controller = new AbortController()
  running = controller
  button.textContent = 'Cancel'
  const { way } = read()
  void runs
    .run(() => signIn(controller.signal))
    .then((outcome) => present(`Sign in by ${way}`, outcome))
    .finally(() => {
      running = undefined
      button.textContent = 'Sign in'
    })
})

find('[name=username]', HTMLInputElement, form).value = defaults.username
find('[name=password]', HTMLInputElement, form).value = defaults.password
showChosen(form)
startClock()
button.disabled = false
const tenant = sessionStorage.getItem('tenant')
sessionStorage.removeItem('tenant')
if (tenant) find('[name=tenant]', HTMLSelectElement, form).value = tenant
const completed = await runs.run(() => completeRedirect(read().client))
if (completed.result || completed.error) await present('Back from the sign-in page', completed)
else await presentCache()
