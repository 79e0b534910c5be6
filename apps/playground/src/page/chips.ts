import { element } from './element.js'

/**
 * Shows short texts side by side.
 *
 * @param texts The texts.
 * @returns A list.
 */
export function chips(texts: readonly string[]): HTMLElement {
  return element('ul', { class: 'chips' }, ...texts.map((text) => element('li', {}, text)))
}
