/** An element of an XML document. */
export interface XmlElement {
  /** The namespace's URI; empty for none. */
  readonly namespace: string
  /** The name without its prefix. */
  readonly name: string
  /** By name as it is written, declarations of namespaces left out. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** The text directly in it. */
  readonly text: string
}

interface OpenElement extends XmlElement {
  readonly qualifiedName: string
  readonly namespaces: ReadonlyMap<string, string>
  readonly children: XmlElement[]
  text: string
}

const deepest = 64
const markup =
  /<!--(?:[^-]|-[^-])*-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w.:-]+)\s*>|<([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const entities: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' }

/**
 * Parses an XML document as far as SOAP needs it. There is no document type, so there are no entities of its own, none
 * from outside, and no processing instructions.
 *
 * @param xml The document.
 * @returns Its root element.
 * @throws {SyntaxError} when it is not well-formed, or has what SOAP forbids.
 * @see {@link https://www.w3.org/TR/soap12-part1/#soapenv SOAP 1.2, section 5}
 */
export function parseXml(xml: string): XmlElement {
  let position = /^\uFEFF?(?:<\?xml(?:\s[^?<>]*)?\?>)?\s*/.exec(xml)![0].length
  const open: OpenElement[] = []
  let root: OpenElement | undefined
  while (position < xml.length) {
    const next = xml.indexOf('<', position)
    addText(open.at(-1), xml.slice(position, next < 0 ? xml.length : next))
    if (next < 0) break
    markup.lastIndex = next
    const match = markup.exec(xml)
    if (!match) throw new SyntaxError(`Cannot parse XML: no markup that is allowed at ${next}`)
    position = markup.lastIndex
    const [, data, closed, name, attributes = '', isEmpty] = match
    if (data !== undefined) appendData(open.at(-1), data)
    if (closed !== undefined && open.pop()?.qualifiedName !== closed)
      throw new SyntaxError(`Cannot parse XML: an element is closed that is not open at ${next}`)
    if (name === undefined) continue
    const element = readElement(name, attributes, open.at(-1))
    if (open.length === 0 && root) throw new SyntaxError('Cannot parse XML: more than one root')
    if (open.length >= deepest) throw new SyntaxError('Cannot parse XML: too deep')
    root ??= element
    open.at(-1)?.children.push(element)
    if (isEmpty !== '/') open.push(element)
  }
  if (!root || open.length > 0) throw new SyntaxError('Cannot parse XML: it ends too early')
  return root
}

/**
 * Finds the first element of a path.
 *
 * @param element Where the path starts.
 * @param path For each step, namespace and name of a child.
 * @returns The element, or undefined.
 */
export function findElement(
  element: XmlElement | undefined,
  ...path: readonly (readonly [namespace: string, name: string])[]
): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (parent, [namespace, name]) =>
      parent?.children.find((child) => child.namespace === namespace && child.name === name),
    element,
  )
}

/**
 * Escapes text for XML, in an element or an attribute.
 *
 * @param text The text.
 * @returns The text, without what XML would take for its own.
 */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function readElement(qualifiedName: string, source: string, parent: OpenElement | undefined): OpenElement {
  const attributes = new Map<string, string>()
  const namespaces = new Map(parent?.namespaces ?? [['xml', 'http://www.w3.org/XML/1998/namespace']])
  for (const [, name = '', quoted = ''] of source.matchAll(/([\w.:-]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    const value = decode(quoted.slice(1, -1))
    if (attributes.has(name)) throw new SyntaxError('Cannot parse XML: an attribute is repeated')
    if (name === 'xmlns' || name.startsWith('xmlns:')) namespaces.set(name.slice('xmlns:'.length), value)
    else attributes.set(name, value)
  }
  const [name = '', prefix = ''] = qualifiedName.split(':').toReversed()
  const namespace = namespaces.get(prefix)
  if (namespace === undefined && prefix !== '') throw new SyntaxError('Cannot parse XML: a prefix is not declared')
  return { qualifiedName, namespaces, namespace: namespace ?? '', name, attributes, children: [], text: '' }
}

function addText(element: OpenElement | undefined, source: string): void {
  if (element) element.text += decode(source)
  else if (source.trim() !== '') throw new SyntaxError('Cannot parse XML: text outside of the root')
}

function appendData(element: OpenElement | undefined, data: string): void {
  if (!element) throw new SyntaxError('Cannot parse XML: text outside of the root')
  element.text += data
}

function decode(source: string): string {
  return source.replace(
    /&(?:#(\d{1,7})|#x([\dA-Fa-f]{1,6})|(\w+));|&/g,
    (_, decimal?: string, hex?: string, name?: string) => {
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      const text = name === undefined ? codePoint(code) : Object.hasOwn(entities, name) ? entities[name] : undefined
      if (text === undefined) throw new SyntaxError('Cannot parse XML: an entity is not known')
      return text
    },
  )
}

function codePoint(code: number): string | undefined {
  return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff)
    ? String.fromCodePoint(code)
    : undefined
}
