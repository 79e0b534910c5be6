import { XmlElement, XmlText } from '@rgrove/parse-xml'
import { namespaces } from './namespaces.js'

/**
 * Finds the elements at the end of a path.
 *
 * @param element Where the path starts.
 * @param path Names of children, of their children and so on, with the prefixes of {@link namespaces}: `wsp:ExactlyOne/wsp:All`.
 * @returns The elements, in the document's order.
 */
export function find(element: XmlElement, path: string): XmlElement[] {
  let found = [element]
  for (const name of path.split('/'))
    found = found.flatMap(({ children }) =>
      children.filter((child) => child instanceof XmlElement).filter((child) => isNamed(child, name)),
    )
  return found
}

/**
 * Tells whether an element has a name.
 *
 * @param element The element.
 * @param name The name, with a prefix of {@link namespaces}.
 * @returns Whether it has, whatever its own prefix is.
 */
export function isNamed(element: XmlElement, name: string): boolean {
  const [namespace, local] = expand(name)
  const [prefix, own] = split(element.name)
  return own === local && namespaceOf(element, prefix) === namespace
}

/**
 * Reads an attribute.
 *
 * @param element The element.
 * @param name The name; with a prefix of {@link namespaces} where it is in a namespace.
 * @returns The value; nothing where there is none.
 */
export function attribute(element: XmlElement, name: string): string | undefined {
  if (!name.includes(':')) return element.attributes[name]
  const [namespace, local] = expand(name)
  const [found] = Object.entries(element.attributes).find(([written]) => {
    const [prefix, own] = split(written)
    return prefix !== '' && own === local && namespaceOf(element, prefix) === namespace
  }) ?? ['']
  return element.attributes[found]
}

/**
 * Reads the text of an element.
 *
 * @param element The element.
 * @returns The text that is directly in it, without the white space around it.
 */
export function textOf({ children }: XmlElement): string {
  return children
    .map((child) => (child instanceof XmlText ? child.text : ''))
    .join('')
    .trim()
}

function expand(name: string): [namespace: string, local: string] {
  const [prefix, local] = split(name)
  return [namespaces[prefix as keyof typeof namespaces], local]
}

function split(name: string): [prefix: string, local: string] {
  const colon = name.indexOf(':')
  return [name.slice(0, Math.max(0, colon)), name.slice(colon + 1)]
}

/** What the nearest declaration says of a prefix (Namespaces in XML 1.0 §6). */
function namespaceOf(element: XmlElement, prefix: string): string | undefined {
  const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`
  for (let at = element as XmlElement['parent']; at instanceof XmlElement; at = at.parent) {
    const namespace = at.attributes[declaration]
    if (namespace !== undefined) return namespace
  }
  return undefined
}
