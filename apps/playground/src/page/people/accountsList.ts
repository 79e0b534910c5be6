import type { Account } from '@latchkey/core'
import { element } from '../element.js'

/** What can be done for a user who is signed in. */
export type AccountAction = 'silent' | 'refresh' | 'api' | 'remove'

const actions: readonly (readonly [AccountAction, name: string, about: string])[] = [
  ['silent', 'Silent', 'From the cache, else with a refresh token'],
  ['refresh', 'Refresh', 'With a refresh token, whatever is cached'],
  ['api', 'Call the API', 'With a token attached; one claims challenge is answered'],
  ['remove', 'Sign out', 'Out of the cache'],
]

/**
 * Lists the users who are signed in, each with what can be done.
 *
 * @param accounts The users.
 * @param act Does it.
 * @returns The list.
 */
export function accountsList(
  accounts: readonly Account[],
  act: (action: AccountAction, account: Account) => void,
): HTMLElement {
  if (accounts.length === 0) return element('p', { class: 'none' }, 'Nobody.')
  const items = accounts.map((account) => {
    const buttons = actions.map(([action, name, title]) => {
      const button = element('button', { type: 'button', title }, name)
      button.addEventListener('click', () => act(action, account))
      return button
    })
    const name = element('p', {}, element('strong', {}, account.username), ` in ${account.realm}`)
    return element('li', {}, name, element('p', { class: 'chips' }, ...buttons))
  })
  return element('ul', { class: 'entries' }, ...items)
}
