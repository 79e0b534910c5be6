import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml'

/** What a document says: names with their namespaces, attributes without order, text without the white space around it. */
export type Structure = [name: string, attributes: Record<string, string>, ...content: (Structure | string)[]]

/** Reads a document for comparison; two that mean the same are equal. */
export function structure(xml: string): Structure {
  return of(parseXml(xml).root!, {})
}

function of({ name, attributes, children }: XmlElement, outer: Record<string, string>): Structure {
  const scope = { ...outer }
  for (const [key, value] of Object.entries(attributes))
    if (/^xmlns(:|$)/.test(key)) scope[key.slice('xmlns:'.length)] = value
  const expand = (name: string, fallback: string): string => {
    const [local = '', prefix] = name.split(':').toReversed()
    return `{${prefix === undefined ? fallback : scope[prefix]}}${local}`
  }
  const own = Object.entries(attributes)
    .filter(([key]) => !/^xmlns(:|$)/.test(key))
    .map(([key, value]): [string, string] => [expand(key, ''), value])
  const content = children.flatMap((child): (Structure | string)[] => {
    if (child instanceof XmlElement) return [of(child, scope)]
    return child instanceof XmlText && child.text.trim() ? [child.text.trim()] : []
  })
  return [expand(name, scope[''] ?? ''), Object.fromEntries(own), ...content]
}
