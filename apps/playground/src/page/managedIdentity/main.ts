import { serializableCache } from '@latchkey/core'
import { createEmulator, managedIdentityEnvironment, type ManagedIdentityPlace } from '@latchkey/emulator'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  detectManagedIdentity,
  nodeHost,
  systemAssigned,
  userAssigned,
  type ManagedIdentity,
  type ManagedIdentityClient,
} from '@latchkey/managed-identity'
import { showCache } from '../../scenario/showCache.js'
import { announce } from '../announce.js'
import { find } from '../find.js'
import { readForm } from '../form/readForm.js'
import { cachePanel } from '../panels/cachePanel.js'
import { errorPanel } from '../panels/errorPanel.js'
import { requestsItem } from '../panels/requestsPanel.js'
import { resultPanel } from '../panels/resultPanel.js'
import { createRuns } from '../people/createRuns.js'
import { startClock } from '../tokenLife.js'

const form = find('#settings', HTMLFormElement)
const button = find('#acquire', HTMLButtonElement)
const emulator = createEmulator({ tokenLifetime: 86_400 })
const [, reader] = [...emulator.directory.managedIdentities.values()]
const identities: Readonly<Record<string, ManagedIdentity>> = {
  system: systemAssigned(),
  clientId: userAssigned({ clientId: reader!.clientId }),
  objectId: userAssigned({ objectId: reader!.objectId }),
  resourceId: userAssigned({ resourceId: reader!.resourceId }),
  unknown: userAssigned({ clientId: '00000000-0000-0000-0000-000000000000' }),
}
/** The machine's files are the emulator's. */
const host = {
  ...nodeHost(),
  platform: 'linux',
  exists: () => false,
  readFile: async (path: string) => emulator.arcKeys.get(path) ?? '',
}
let isNowhere = false
const runs = createRuns((input, init) => (isNowhere ? new Promise(() => {}) : emulator.fetch(input, init)))
let cache = serializableCache()
let clients = new Map<string, ManagedIdentityClient>()
let count = 0

function read() {
  const value = readForm(form)
  const place = value('place')
  return {
    place,
    identity: value('identity'),
    resource: value('resource'),
    claims: value('claims') ? '{"access_token":{"nbf":{"essential":true}}}' : undefined,
    env: place === 'nowhere' ? {} : managedIdentityEnvironment(place as ManagedIdentityPlace),
  }
}

/** One client for each place and identity, kept as long as the page: it shares the cache with the others. */
function clientFor({ place, identity, env }: ReturnType<typeof read>): ManagedIdentityClient {
  const key = `${place} ${identity}`
  const client =
    clients.get(key) ??
    createManagedIdentityClient({ identity: identities[identity]!, env, host, cache, fetch: runs.fetch })
  clients.set(key, client)
  return client
}

async function acquire(): Promise<void> {
  const settings = read()
  const { place, identity, resource, claims } = settings
  isNowhere = place === 'nowhere'
  const outcome = await runs.run(() => acquireTokenForManagedIdentity(clientFor(settings), { resource, claims }))
  const { result, error } = outcome
  find('#announcement', HTMLElement).textContent = announce(outcome)
  find('#result .body', HTMLElement).replaceChildren(
    ...(error ? [errorPanel(error, outcome, startOver)] : []),
    ...(result ? [resultPanel(result, outcome)] : []),
  )
  find('#requests .body', HTMLElement).prepend(requestsItem(`${++count}. ${place}, ${identity}`, outcome))
  await presentCache()
}

async function presentCache(): Promise<void> {
  find('#cache .body', HTMLElement).replaceChildren(cachePanel(await showCache(cache, false), () => {}))
}

async function presentDetection(): Promise<void> {
  const { explanation } = await detectManagedIdentity({ env: read().env, host })
  find('#detection', HTMLElement).textContent = explanation
}

function startOver(): void {
  cache = serializableCache()
  clients = new Map()
  void presentCache()
}

form.addEventListener('change', () => void presentDetection())
form.addEventListener('submit', (event) => {
  event.preventDefault()
  button.disabled = true
  void acquire().finally(() => (button.disabled = false))
})
startClock()
await Promise.all([presentDetection(), presentCache()])
button.disabled = false
