import { delimiter } from 'node:path'

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]]

const EDGE = '/usr/bin/microsoft-edge'

/**
 * Lists the browsers to try before the operating system's choice.
 *
 * On Linux that is Edge, which signs in with the machine's account, unless `BROWSER` asks for others. `BROWSER` is a list of
 * commands; `%s` in one stands for the page, which otherwise comes last.
 *
 * @param url The page.
 * @param env The environment variables.
 * @param platform The operating system, as Node names it.
 * @param exists Tells whether there is such a file.
 * @returns The commands, the best first.
 */
export function browserCommands(
  url: string,
  { BROWSER = '' }: Readonly<Record<string, string | undefined>>,
  platform: string,
  exists: (path: string) => boolean,
): Command[] {
  const edge = platform === 'linux' && (BROWSER === '' || BROWSER.includes('microsoft-edge')) && exists(EDGE)
  const chosen = BROWSER.split(delimiter).map((text) => parse(text.trim(), url, exists))
  return [...(edge ? [[EDGE, url] as const] : []), ...chosen.filter((command) => command !== undefined)]
}

function parse(text: string, url: string, exists: (path: string) => boolean): Command | undefined {
  // A path may have spaces in it.
  const words = exists(text) ? [text] : (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map(unquote)
  if (words.at(-1) === '&') words.pop()
  const [program, ...args] = words
  if (program === undefined) return undefined
  const hasPlace = args.some((word) => word.includes('%s'))
  return [program, ...(hasPlace ? args.map((word) => word.replaceAll('%s', () => url)) : [...args, url])]
}

function unquote(word: string): string {
  return /^(["']).*\1$/s.test(word) ? word.slice(1, -1) : word
}
