import { AuthError } from '@latchkey/core'
import { createSession } from '../scenario/createSession.js'
import type { Outcome, ShownCache } from '../scenario/Outcome.js'
import { showError } from '../scenario/showError.js'
import { announce } from './announce.js'
import { element } from './element.js'
import { emulatedFetch } from './emulatedFetch.js'
import { emulatorDefaults } from './emulatorDefaults.js'
import { setFault } from './faultSwitch.js'
import { find } from './find.js'
import { beginning, examples, type Example } from './form/examples.js'
import { fillForm } from './form/fillForm.js'
import { followChoices } from './form/followChoices.js'
import { openFiles } from './form/openFiles.js'
import { readFault } from './form/readFault.js'
import { readForm } from './form/readForm.js'
import { readSettings } from './form/readSettings.js'
import { makeCertificate } from './makeCertificate.js'
import { cachePanel } from './panels/cachePanel.js'
import { errorPanel } from './panels/errorPanel.js'
import { requestsItem } from './panels/requestsPanel.js'
import { resultPanel } from './panels/resultPanel.js'
import { remoteSession } from './remoteSession.js'
import { setClockAhead, startClock } from './tokenLife.js'

const form = find('#settings', HTMLFormElement)
const runButton = find('#run', HTMLButtonElement)
const log = find('#requests .body', HTMLElement)
const sessions = { page: createSession(() => emulatedFetch), server: remoteSession() }
const defaults = await emulatorDefaults()

let running: AbortController | undefined
let runs = 0

const settings = () => readSettings(form, defaults)
const place = () => (readForm(form)('place') === 'server' ? 'server' : 'page')
const session = () => sessions[place()]

async function run(): Promise<void> {
  running = new AbortController()
  const where = place()
  const given = settings()
  form.classList.add('running')
  runButton.firstChild!.textContent = 'Cancel '
  setClockAhead(given.minutesAhead)
  await setFault(readFault(form)).catch((error: unknown) => present('Fault', failed(error)))
  const outcome = await sessions[where].run(given, running.signal).catch(failed)
  await setFault(undefined).catch(() => {})
  running = undefined
  form.classList.remove('running')
  runButton.firstChild!.textContent = 'Run '
  await present(where === 'page' ? 'Run in this page' : 'Run on the server', outcome)
}

/** What did not even get as far as Latchkey: the server is gone, or the page has a fault. */
function failed(error: unknown): Outcome {
  return { error: showError(error), exchanges: [], calls: 1, failed: 1, durationMs: 0, inBackground: false }
}

async function present(title: string, outcome: Outcome): Promise<void> {
  const { result, error } = outcome
  find('#announcement', HTMLElement).textContent = announce(outcome)
  if (result || error)
    find('#result .body', HTMLElement).replaceChildren(
      ...(error ? [errorPanel(error, outcome, () => void startOver())] : []),
      ...(result ? [resultPanel(result, outcome)] : []),
    )
  log.prepend(requestsItem(`${++runs}. ${title}`, outcome))
  await presentCache()
  // Where the columns are one below the other, what came is out of sight.
  if (matchMedia('(max-width: 52rem)').matches) find('#result', HTMLElement).scrollIntoView({ block: 'start' })
}

const placeName = () => `${place() === 'page' ? 'in this page' : 'on the server'} · ${settings().cache}`

async function presentCache(): Promise<void> {
  const where = placeName()
  const body = find('#cache .body', HTMLElement)
  find('#cache-title small', HTMLElement).textContent = where
  const cache: ShownCache = await session().readCache(settings())
  if (where !== placeName()) return // chosen otherwise in the meantime: that reading will show it
  const isEditing = body.querySelector('.editor[open]') !== null
  body.replaceChildren(cachePanel(cache, (json) => void loadCache(json)))
  body.querySelector('.editor')?.toggleAttribute('open', isEditing)
}

async function loadCache(json: string): Promise<void> {
  await present('Load the cache', await session().loadCache(settings(), json).catch(failed))
}

async function startOver(): Promise<void> {
  await session().startOver(settings())
  find('#result .body', HTMLElement).replaceChildren(
    element('p', { class: 'none' }, 'A new client, with nothing in its cache.'),
  )
  find('#announcement', HTMLElement).textContent = 'Started over with a new client.'
  await presentCache()
}

async function runExample({ about, runs }: Example): Promise<void> {
  const where = place()
  const hint = find('#example', HTMLElement)
  hint.hidden = false
  hint.textContent = `${about}.`
  await startOver()
  for (const values of runs) {
    fillForm(form, { ...beginning, ...emulatorFields(), place: where, ...values })
    followChoices(form)
    if (values['credential'] === 'certificate') await fillCertificate('Make a certificate', makeCertificate())
    await run()
  }
}

/** Fills in a certificate, or shows why there is none. */
async function fillCertificate(title: string, text: Promise<string>): Promise<void> {
  try {
    fillForm(form, { certificate: await text, passphrase: '' })
  } catch (error) {
    await present(title, failed(error))
  }
}

function emulatorFields(): Record<string, string> {
  const { clientId, clientSecret, scope } = defaults
  return { clientId, clientSecret, scope }
}

fillForm(form, { ...beginning, ...emulatorFields() })
followChoices(form)
find('#examples', HTMLElement).append(
  ...examples.map((example) => {
    const button = element('button', { type: 'button', title: example.about }, example.name)
    button.addEventListener('click', () => void (running ?? runExample(example)))
    return button
  }),
)
form.addEventListener('change', () => {
  followChoices(form)
  setClockAhead(settings().minutesAhead)
  // An edited text in there stays as it is while other things are chosen.
  if (find('#cache-title small', HTMLElement).textContent !== placeName()) void presentCache()
})
find('#make-certificate', HTMLElement).addEventListener('click', () => {
  void fillCertificate('Make a certificate', makeCertificate())
})
const opened = find('#open-certificate', HTMLInputElement)
opened.addEventListener('change', () => {
  void fillCertificate('Open a file', openFiles([...(opened.files ?? [])]))
  opened.value = '' // so that the same file can be opened again
})
form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (running) running.abort(new AuthError('user_cancelled', 'Cannot go on: cancelled by you'))
  else void run()
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
})
find('#clear-log', HTMLElement).addEventListener('click', () => log.replaceChildren())
find('#remove-tokens', HTMLElement).addEventListener('click', async () => {
  await present('Remove tokens', await session().removeTokens(settings()).catch(failed))
})
startClock()
void presentCache()
runButton.disabled = false
