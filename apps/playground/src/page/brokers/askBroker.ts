import type { Outcome } from '../../scenario/Outcome.js'

/** What the server says of the broker. */
export interface ShownBroker {
  readonly name: string
  readonly redirectUri: string
  readonly status: { readonly state: string; readonly message: string; readonly nextStep?: string | undefined }
}

/** What the form says. */
export type BrokerForm = Readonly<Record<'authority' | 'clientId' | 'scopes' | 'username' | 'prompt', string>>

/**
 * Asks the server what the broker is, and whether it is there.
 *
 * @returns The broker.
 */
export async function readBroker(): Promise<ShownBroker> {
  return answer(await fetch('/api/broker'))
}

/**
 * Has the server do something with the broker.
 *
 * @param action What.
 * @param form With which settings.
 * @param signal Gives up.
 * @returns What it came to.
 */
export async function actWithBroker(
  action: 'signIn' | 'silent' | 'signOut',
  form: BrokerForm,
  signal?: AbortSignal,
): Promise<Outcome> {
  return answer(await post(action, form, signal))
}

/**
 * Lists who signed in.
 *
 * @param form For which app.
 * @returns The sign-in names.
 */
export async function readAccounts(form: BrokerForm): Promise<string[]> {
  return answer(await post('accounts', form))
}

async function post(action: string, form: BrokerForm, signal: AbortSignal | null = null): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`/api/broker/${action}`, { method: 'POST', headers, body: JSON.stringify(form), signal })
}

async function answer<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error((await response.text()).trim())
  return (await response.json()) as T
}
