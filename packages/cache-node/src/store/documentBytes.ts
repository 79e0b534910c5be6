import type { CacheDocument } from '@latchkey/core'
import { isObject } from '@latchkey/core/internal'

/** Writes a document as JSON, in parts; an empty one where there is none. */
export type DocumentBytes = (document: CacheDocument | undefined) => Buffer[]

interface Known {
  readonly name: string
  readonly bytes: Buffer
}

/**
 * Makes a writer that remembers the bytes of each entity for as long as there is the entity, because most of a cache is the same in
 * the next write. So an entity that was written must not be changed, only replaced.
 *
 * @param indent How many spaces; 0 for one line.
 * @returns The writer; its texts are those of `JSON.stringify`.
 */
export function documentBytes(indent: number): DocumentBytes {
  const known = new WeakMap<object, Known>()
  const lines = [0, 1, 2].map((depth) => (indent === 0 ? '' : `\n${' '.repeat(indent * depth)}`))
  const colon = indent === 0 ? ':' : ': '

  /** A member with what is before it; nothing for what JSON leaves out. */
  function member(name: string, value: unknown, depth: number): Buffer | undefined {
    const line = lines[depth]!
    const text = JSON.stringify(value, undefined, indent)?.replaceAll('\n', line)
    return text === undefined ? undefined : Buffer.from(`,${line}${JSON.stringify(name)}${colon}${text}`)
  }

  function entity(name: string, value: unknown): Buffer | undefined {
    if (!isObject(value)) return member(name, value, 2)
    const before = known.get(value)
    if (before?.name === name) return before.bytes
    const bytes = member(name, value, 2)
    if (bytes) known.set(value, { name, bytes })
    return bytes
  }

  return (document = {}) => {
    const parts: Buffer[] = []
    for (const [name, section] of Object.entries(document) as [string, unknown][]) {
      const begin = parts.push(Buffer.from(`,${lines[1]}${JSON.stringify(name)}${colon}{`))
      for (const [key, value] of isObject(section) ? Object.entries(section) : []) {
        const bytes = entity(key, value)
        if (bytes) parts.push(bytes)
      }
      const first = parts[begin]
      if (first) {
        parts[begin] = first.subarray(1)
        parts.push(Buffer.from(`${lines[1]}}`))
      } else {
        parts.pop()
        const bytes = member(name, section, 1)
        if (bytes) parts.push(bytes)
      }
    }
    const [first] = parts
    if (!first) return [Buffer.from('{}')]
    parts[0] = Buffer.concat([Buffer.from('{'), first.subarray(1)])
    parts.push(Buffer.from(`${lines[0]}}`))
    return parts
  }
}
