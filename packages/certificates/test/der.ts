/** A DER value that holds others. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const size =
    content.length < 0x80
      ? [content.length]
      : [0x83, content.length >> 16, (content.length >> 8) & 0xff, content.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

/** Bytes from hexadecimal digits, spaces between them. */
export const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')

/** A positive INTEGER. */
export const integer = (value: number): Buffer => {
  const digits = value.toString(16)
  const even = digits.padStart(digits.length + (digits.length % 2), '0')
  return der(0x02, hex(Number.parseInt(even.slice(0, 2), 16) > 0x7f ? `00${even}` : even))
}

/** Where a value's content begins and ends. */
export function contentOf(value: Buffer): { from: number; to: number } {
  const first = value[1]!
  const size = first < 0x80 ? 0 : first - 0x80
  const length = size === 0 ? first : value.readUIntBE(2, size)
  return { from: 2 + size, to: 2 + size + length }
}

/** The values in a value. */
export function valuesIn(value: Buffer): Buffer[] {
  const { from, to } = contentOf(value)
  const values: Buffer[] = []
  for (let rest = value.subarray(from, to); rest.length > 0; rest = rest.subarray(values.at(-1)!.length))
    values.push(rest.subarray(0, contentOf(rest).to))
  return values
}

/** The same value as BER may write it: without lengths, and OCTET STRINGs in two pieces. */
export function asBer(value: Buffer): Buffer {
  const end = Buffer.alloc(2)
  const tag = value[0]!
  const { from, to } = contentOf(value)
  if (tag & 0x20) return Buffer.concat([Buffer.from([tag, 0x80]), ...valuesIn(value).map(asBer), end])
  if (tag !== 0x04) return value
  const middle = Math.floor((from + to) / 2)
  const pieces = [value.subarray(from, middle), value.subarray(middle, to)].map((piece) => der(0x04, piece))
  return Buffer.concat([Buffer.from([0x24, 0x80]), ...pieces, end])
}
