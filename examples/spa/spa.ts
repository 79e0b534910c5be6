// A single-page app: people sign in by redirect or in a popup, stay signed in when the page loads again, and call an API.
import { idbCache } from '@latchkey/cache-idb'
import {
  acquireTokenInteractive,
  acquireTokenSilent,
  createPublicClient,
  explain,
  getAccounts,
  isAuthError,
  needsInteraction,
  removeAccount,
  type Interaction,
} from '@latchkey/core'
import { popup } from '@latchkey/core/popup'
import { completeRedirect, redirect } from '@latchkey/core/redirect'

/** What the app needs to know; it is no secret. */
interface Settings {
  readonly clientId: string
  readonly authority: string
  readonly scope: string
  readonly api: string
}

const { clientId, authority, scope, api } = (await (await fetch('settings.json')).json()) as Settings
const client = createPublicClient({ clientId, authority, cache: idbCache() })
const scopes = [scope]
const find = (id: string): HTMLElement => document.querySelector<HTMLElement>(`#${id}`)!

async function showUser(): Promise<void> {
  const [account] = await getAccounts(client)
  find('user').textContent = account ? `Signed in as ${account.username}` : 'Nobody is signed in'
  for (const button of document.querySelectorAll<HTMLElement>('[data-for]'))
    button.hidden = button.dataset['for'] !== (account ? 'in' : 'out')
}

/** Does something, and says how it went. */
async function run(what: () => Promise<string | undefined>): Promise<void> {
  const outcome = find('outcome')
  outcome.textContent = ''
  try {
    outcome.textContent = (await what()) ?? ''
  } catch (error) {
    if (!isAuthError(error)) throw error
    outcome.textContent = `${error.code}: ${explain(error) ?? error.message}`
  }
  await showUser()
}

const signIn = (interaction: Interaction) => (): Promise<void> =>
  run(async () => {
    const { source } = await acquireTokenInteractive(client, { scopes, interaction })
    return `A token from ${source}`
  })

const callApi = (): Promise<void> =>
  run(async () => {
    const [account] = await getAccounts(client)
    try {
      const { accessToken, source } = await acquireTokenSilent(client, { scopes, account: account! })
      const { status } = await fetch(api, { headers: { authorization: `Bearer ${accessToken}` } })
      return `A token from ${source}; the API answered ${status}`
    } catch (error) {
      if (!needsInteraction(error)) throw error
      // After 24 hours, or where more is asked for. Only a click may open a window: offer the buttons.
      await removeAccount(client, { account: account! })
      return 'Please sign in again'
    }
  })

const signOut = (): Promise<void> =>
  run(async () => {
    for (const account of await getAccounts(client)) await removeAccount(client, { account })
    return 'Signed out here; the identity provider may still know you'
  })

find('redirect').addEventListener('click', () => void signIn(redirect())())
find('popup').addEventListener('click', () => void signIn(popup({ redirectUri: 'receiver.html' }))())
find('call').addEventListener('click', () => void callApi())
find('sign-out').addEventListener('click', () => void signOut())

// Each time the page loads: is it the answer to a sign-in?
await run(async () => {
  const result = await completeRedirect(client)
  if (!result) return undefined
  history.replaceState(history.state, '', result.returnTo)
  return `A token from ${result.source}`
})
