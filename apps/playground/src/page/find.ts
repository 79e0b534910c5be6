/**
 * Finds an element that the page is known to have.
 *
 * @param selector A CSS selector.
 * @param kind Which element it is.
 * @param within Where to look.
 * @returns The first that matches.
 * @throws {Error} when there is none: a fault of the page itself.
 */
export function find<Found extends HTMLElement>(
  selector: string,
  kind: new () => Found,
  within: ParentNode = document,
): Found {
  const found = within.querySelector(selector)
  if (!(found instanceof kind)) throw new Error(`Cannot show the page: it has no ${selector}`)
  return found
}
