import type { Outcome } from '../../scenario/Outcome.js'
import { announce } from '../announce.js'
import { element } from '../element.js'
import { facts } from '../facts.js'
import { find } from '../find.js'
import { readForm } from '../form/readForm.js'
import { errorPanel } from '../panels/errorPanel.js'
import { resultPanel } from '../panels/resultPanel.js'
import { startClock } from '../tokenLife.js'
import { actWithBroker, readAccounts, readBroker, type BrokerForm, type ShownBroker } from './askBroker.js'

const form = find('#settings', HTMLFormElement)
const button = find('#sign-in', HTMLButtonElement)
let broker: ShownBroker | undefined
let running: AbortController | undefined

function read(username?: string): BrokerForm {
  const value = readForm(form)
  const [authority, clientId, scopes, prompt] = [
    value('authority'),
    value('clientId'),
    value('scopes'),
    value('prompt'),
  ]
  return { authority, clientId, scopes, prompt, username: username ?? value('username') }
}

async function checkBroker(): Promise<void> {
  const body = find('#broker .body', HTMLElement)
  try {
    broker = await readBroker()
    const { name, status } = broker
    const badge = element('span', { class: `badge ${status.state === 'available' ? 'cache' : 'error'}` }, status.state)
    body.replaceChildren(
      element('p', { class: 'headline' }, badge, element('span', { class: 'notes' }, name)),
      element('p', {}, status.message),
      ...(status.nextStep ? [facts({ 'next step': status.nextStep })] : []),
    )
    showRedirectUri()
  } catch (error) {
    body.replaceChildren(element('p', { class: 'none' }, `The server does not answer: ${(error as Error).message}`))
  }
}

function showRedirectUri(): void {
  const uri = broker?.redirectUri.replace('CLIENT_ID', read().clientId || 'CLIENT_ID')
  if (uri) find('#redirect-uri', HTMLElement).textContent = uri
}

async function act(work: () => Promise<Outcome>): Promise<void> {
  try {
    const outcome = await work()
    const { result, error } = outcome
    find('#announcement', HTMLElement).textContent = announce(outcome)
    const panels = [error && errorPanel(error, outcome, () => {}), result && resultPanel(result, outcome)]
    const shown = panels.filter((panel) => panel !== undefined)
    find('#result .body', HTMLElement).replaceChildren(...(shown.length > 0 ? shown : [none('Done.')]))
    await showAccounts()
  } catch (error) {
    const { message } = error as Error
    find('#announcement', HTMLElement).textContent = message
    find('#result .body', HTMLElement).replaceChildren(none(message))
  }
}

async function showAccounts(): Promise<void> {
  const names = await readAccounts(read())
  const items = names.map((username) => {
    const buttons = (['silent', 'signOut'] as const).map((action) => {
      const made = element('button', { type: 'button' }, action === 'silent' ? 'Silent' : 'Sign out')
      made.addEventListener('click', () => void act(async () => actWithBroker(action, read(username))))
      return made
    })
    return element(
      'li',
      {},
      element('p', {}, element('strong', {}, username)),
      element('p', { class: 'chips' }, ...buttons),
    )
  })
  const list = items.length > 0 ? element('ul', { class: 'entries' }, ...items) : none('Nobody.')
  find('#accounts .body', HTMLElement).replaceChildren(list)
}

const none = (text: string): HTMLElement => element('p', { class: 'none' }, text)

form.addEventListener('input', showRedirectUri)
find('#check', HTMLButtonElement).addEventListener('click', () => void checkBroker())
form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (running) {
    running.abort()
    return
  }
  const { signal } = (running = new AbortController())
  button.textContent = 'Cancel'
  void act(async () => actWithBroker('signIn', read(), signal)).finally(() => {
    running = undefined
    button.textContent = 'Sign in'
  })
})

startClock()
await checkBroker()
button.disabled = false
