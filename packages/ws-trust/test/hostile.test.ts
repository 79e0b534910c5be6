import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { AuthError } from '@latchkey/core'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { checkNesting } from '../src/xml/checkNesting.js'
import { answer, assertions, fault } from './fixtures/answers.js'
import { adfsPorts, metadata } from './fixtures/metadata.js'
import { PASSWORD, request } from './provider.js'

const MiB = 1024 * 1024
const pieces = [
  '<',
  '>',
  '/',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '<!DOCTYPE a [',
  '"',
  "'",
  '&',
  '&amp;',
]
const markup = fc.string({
  unit: fc.constantFrom(...pieces, 'a', ':', '=', ' ', '\r', '\n', '\0', '😀', '\uD800', PASSWORD),
})
/** A document of which a part is replaced. */
const damaged = (document: string) =>
  fc
    .tuple(fc.nat(document.length), fc.nat(40), fc.oneof(markup, fc.constant('')))
    .map(([at, length, text]) => document.slice(0, at) + text + document.slice(at + length))

/** Whatever comes: an assertion that is in the answer, or an `AuthError` without the password. */
async function survives(answers: Parameters<typeof request>[0], from: string): Promise<void> {
  try {
    const { assertion } = await request(answers).acquire()
    expect(from).toContain(assertion)
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError)
    const { message, stack, cause } = error as AuthError
    expect(`${message}${stack}${JSON.stringify(error)}`).not.toContain(PASSWORD)
    expect(cause).toBeUndefined()
  }
}

describe('never hangs, never throws anything else, never repeats the password', () => {
  test('metadata', async () => {
    const document = fc.oneof(
      markup,
      damaged(metadata(adfsPorts())),
      damaged(metadata(adfsPorts(), { wsdl: '', sp: 'x' })),
    )
    await fc.assert(
      fc.asyncProperty(document, fc.constantFrom(200, 404, 500), (text, status) =>
        survives({ metadata: { text, status }, token: answer('<A/>') }, '<A/>'),
      ),
      { numRuns: 400 },
    )
  })

  test('an answer', async () => {
    const tokens = Object.values(assertions).map((assertion) => damaged(answer(assertion)))
    const text = fc.oneof(markup, ...tokens, damaged(fault({ reason: `${PASSWORD} is wrong` })))
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(200, 302, 500), (text, status) =>
        survives({ token: { text, status } }, text),
      ),
      { numRuns: 800 },
    )
  })

  const fill = (text: string): string => text.repeat(Math.floor(MiB / text.length))
  it.each([
    ...[
      '<a>',
      '<',
      '>',
      '</a>',
      '<a/>',
      '<!--',
      '<!---->',
      '<![CDATA[',
      '<![CDATA[]]>',
      '<?',
      '<?a?>',
      '&amp;',
      '&',
      '\r',
      '\r\n',
      '\0',
      '😀',
    ],
    ...[
      '<a b="',
      "<a b='>'",
      '<a ',
      ' ',
      'a',
      ']]>',
      ']',
      '<!DOCTYPE a [',
      '<a:b xmlns:a="b"/>',
      '"',
      "'",
      '-',
      '<!-',
      '<!-->',
    ],
  ])('a mebibyte of %j', async (piece) => {
    const envelope = answer('<A/>').replace('<A/>', '$').split('$')
    const room = MiB - answer('').length
    for (const text of [
      fill(piece),
      `<a>${fill(piece).slice(0, MiB - 7)}</a>`,
      `<a b="${fill(piece).slice(0, MiB - 10)}"/>`,
      `<!DOCTYPE a [${fill(piece)}`.slice(0, MiB),
      envelope.join(`<A/>${fill(piece).slice(0, room - 4)}`),
    ]) {
      await survives({ token: text }, text)
      await survives({ metadata: text }, text)
    }
  })

  test('many attributes, policies, bindings and ports', async () => {
    const attributes = Array.from({ length: 60_000 }, (_, index) => `a${index}="${index}"`).join(' ')
    await survives({ token: answer(`<A ${attributes}/>`) }, answer(`<A ${attributes}/>`))
    const small = { address: 'http://a/', policy: 'no policy' } as const
    const ports = Array.from({ length: 1000 }, (_, index) => ({ ...small, name: `n${index}` }))
    await survives({ metadata: metadata(ports) }, '')
  })
})

test('what is wrong on the way comes through', async () => {
  const wrong = new AuthError('timeout', 'Cannot reach sts.contoso.example: 30000 ms over')
  const send = () => Promise.reject(wrong)
  await expect(request({}, { send }).acquire()).rejects.toBe(wrong)
  await expect(request({ metadata: '' }, { send }).acquire()).rejects.toBe(wrong)
})

test('the signal goes to both requests', async () => {
  const { signal } = new AbortController()
  const { acquire, requests } = request({ metadata: metadata(adfsPorts()), token: answer('<A/>') }, { signal })
  await acquire()
  expect(requests.map((sent) => sent.signal)).toEqual([signal, signal])
})

describe('the nesting of elements', () => {
  const { element } = fc.letrec<{ element: string }>((tie) => ({
    element: fc
      .array(
        fc.oneof(
          { depthSize: 'medium' },
          fc.constantFrom(
            '',
            'a>b',
            '<!-- <a> -->',
            '<![CDATA[<a><a>]]>',
            '<?a <a> ?>',
            `<a b="/>" c='>"'/>`,
            '<!--/-->',
          ),
          tie('element'),
        ),
        { maxLength: 3 },
      )
      .map((nodes) => `<a b='</a>'>${nodes.join('')}</a >`.replace("'</a>'", `'/>"'`)),
  }))
  const depthOf = (element: XmlElement): number =>
    1 +
    Math.max(
      0,
      ...element.children.map((child) => (child instanceof XmlElement && !child.isEmpty ? depthOf(child) : 0)),
    )

  test('is counted as the parser sees it', () => {
    fc.assert(
      fc.property(element, (text) => {
        const depth = depthOf(parseXml(text.replaceAll('></a >', '>.</a >')).root!)
        const around = (levels: number): string => '<x>'.repeat(levels) + text + '</x>'.repeat(levels)
        expect(checkNesting(around(100 - depth))).toBeUndefined()
        expect(checkNesting(around(101 - depth))).toBe('nests deeper than 100 elements')
      }),
    )
  })
})
