import { element } from './element.js'

/**
 * Shows names and values.
 *
 * @param entries The names, each with its value; `undefined` is left out.
 * @returns A description list.
 */
export function facts(entries: Readonly<Record<string, Node | string | undefined>>): HTMLElement {
  const rows = Object.entries(entries)
    .filter((entry): entry is [string, Node | string] => entry[1] !== undefined && entry[1] !== '')
    .map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)))
  return element('dl', { class: 'facts' }, ...rows)
}
