import { authorizedFetch, type AuthenticationResult, type TokenScheme } from '@latchkey/core'
import { dpop, signedHttpRequest } from '@latchkey/pop'
import { announce } from '../announce.js'
import { element } from '../element.js'
import { emulatorDefaults } from '../emulatorDefaults.js'
import { facts } from '../facts.js'
import { find } from '../find.js'
import { readForm } from '../form/readForm.js'
import { errorPanel } from '../panels/errorPanel.js'
import { requestsItem } from '../panels/requestsPanel.js'
import { resultPanel } from '../panels/resultPanel.js'
import { createRuns } from '../people/createRuns.js'
import { startClock } from '../tokenLife.js'
import { createAcquire, type Way } from './acquire.js'
import { proofPanel } from './proofPanel.js'

const form = find('#settings', HTMLFormElement)
const button = find('#call', HTMLButtonElement)
const steal = find('#steal', HTMLButtonElement)
const device = find('#device', HTMLElement)
const body = (id: string): HTMLElement => find(`#${id} .body`, HTMLElement)
const runs = createRuns()
const acquire = createAcquire(await emulatorDefaults(), runs.fetch, (address, code) => {
  const link = element('a', { href: address, target: '_blank' }, address)
  device.replaceChildren('Open ', link, ' and enter ', element('code', {}, code))
  device.hidden = false
})
let running: AbortController | undefined
let last: AuthenticationResult | undefined
let count = 0

/** The schemes live as long as the page: they hold the keys. */
const schemes: Readonly<Record<string, TokenScheme>> = { pop: shown(signedHttpRequest()), dpop: shown(dpop()) }

/** Shows each proof that a scheme makes. */
function shown(scheme: TokenScheme): TokenScheme {
  return {
    ...scheme,
    async authorize(request, accessToken) {
      const headers = await scheme.authorize(request, accessToken)
      body('proof').replaceChildren(proofPanel(headers))
      return headers
    },
  }
}

function read() {
  const value = readForm(form)
  const url = new URL(value('path'), location.origin)
  if (value('nonce')) url.searchParams.set('nonce', 'required')
  return { scheme: schemes[value('scheme')], way: value('way') as Way, method: value('method'), url: url.href }
}

async function showAnswer(response: Response): Promise<void> {
  const { claims } = Object(await response.json().catch(() => undefined)) as { claims?: { cnf?: unknown } }
  body('answer').replaceChildren(
    facts({
      status: `${response.status}`,
      'bound to': claims?.cnf ? element('code', {}, JSON.stringify(claims.cnf)) : undefined,
      challenge: response.headers.get('www-authenticate') ?? undefined,
    }),
  )
}

async function call(signal: AbortSignal): Promise<AuthenticationResult | undefined> {
  const { scheme, way, method, url } = read()
  if (!scheme) body('proof').replaceChildren(element('p', { class: 'none' }, 'A bearer token needs none.'))
  const send = authorizedFetch(async () => (last = await acquire(way, scheme, signal)), {
    ...{ scheme, origins: [location.origin], fetch: runs.fetch },
  })
  await showAnswer(await send(url, { method, signal }))
  return last
}

/** As somebody would who has got hold of the token, and not of the key. */
async function callWithTokenAlone(): Promise<undefined> {
  const { method, url } = read()
  await showAnswer(await runs.fetch(url, { method, headers: { authorization: `Bearer ${last?.accessToken}` } }))
}

async function present(title: string, outcome: Awaited<ReturnType<typeof runs.run>>): Promise<void> {
  const { result, error } = outcome
  find('#announcement', HTMLElement).textContent = announce(outcome)
  if (result) body('result').replaceChildren(resultPanel(result, outcome))
  if (error) body('result').replaceChildren(errorPanel(error, outcome, () => location.reload()))
  body('requests').prepend(requestsItem(`${++count}. ${title}`, outcome))
  steal.disabled = last === undefined
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (running) {
    running.abort()
    return
  }
  const controller = new AbortController()
  running = controller
  const label = button.textContent
  button.textContent = 'Cancel'
  const { way } = read()
  void runs
    .run(() => call(controller.signal))
    .then((outcome) => present(`${readForm(form)('scheme')} by ${way}`, outcome))
    .finally(() => {
      running = undefined
      button.textContent = label
      device.hidden = true
    })
})
steal.addEventListener('click', () => {
  void runs.run(callWithTokenAlone).then((outcome) => present('the token alone', outcome))
})

startClock()
button.disabled = false
