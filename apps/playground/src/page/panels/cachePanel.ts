import type { CacheEntity } from '@latchkey/core'
import type { ShownCache, ShownPersistence } from '../../scenario/Outcome.js'
import { element } from '../element.js'
import { facts } from '../facts.js'
import { tokenLife } from '../tokenLife.js'

/**
 * Shows a cache: every entry, and the whole as JSON that can be edited where it can be loaded again.
 *
 * @param cache The cache.
 * @param load Is given the edited text.
 * @returns The panel's content.
 */
export function cachePanel(cache: ShownCache, load: (json: string) => void): HTMLElement {
  const entries = cache.partitions.flatMap(({ document }) =>
    Object.entries(document).flatMap(([section, entities]) =>
      Object.entries(entities ?? {}).map(([key, entity]) => entry(section, key, entity)),
    ),
  )
  return element(
    'div',
    {},
    entries.length > 0
      ? element('ul', { class: 'entries' }, ...entries)
      : element('p', { class: 'none' }, 'Nothing is cached here.'),
    cache.json === undefined ? undefined : editor(cache.json, load),
    cache.persistence && persistenceFacts(cache.persistence),
  )
}

/** What `verifyPersistence` says. */
function persistenceFacts({ protection, path, problem, vault, vaultProblem }: ShownPersistence): HTMLElement {
  return facts({
    'Kept in': path,
    Protection: protection,
    'Can be kept': problem ?? 'yes',
    "The system's vault": `${vault}: ${vaultProblem ?? 'can be used'}`,
  })
}

function entry(section: string, key: string, entity: CacheEntity): HTMLElement {
  const text = (name: string): string => String(entity[name] ?? '')
  const ms = (name: string): number | undefined =>
    entity[name] === undefined ? undefined : Number(entity[name]) * 1000
  const expiresOn = ms('expires_on')
  return element(
    'li',
    {},
    element(
      'p',
      { class: 'entry-title' },
      element('strong', {}, section),
      element('span', {}, text('target') || text('username') || text('client_id')),
    ),
    expiresOn === undefined ? undefined : tokenLife(expiresOn, ms('refresh_on'), ms('cached_at')),
    element(
      'details',
      {},
      element('summary', {}, element('code', {}, key)),
      element('pre', { tabindex: 0 }, JSON.stringify(entity, undefined, 2)),
    ),
  )
}

function editor(json: string, load: (json: string) => void): HTMLElement {
  const text = element('textarea', { rows: 14, spellcheck: 'false', 'aria-label': 'The cache as JSON' })
  text.value = json
  const button = element('button', { type: 'button' }, 'Load into the cache')
  button.addEventListener('click', () => load(text.value))
  return element(
    'details',
    { class: 'editor' },
    element('summary', {}, 'As JSON, to edit and load again'),
    element(
      'p',
      { class: 'hint' },
      'The format that every MSAL shares. Signatures are cut here, and put back when you load it.',
    ),
    text,
    button,
  )
}
