import { expect, isText } from '@latchkey/core/internal'

/** How a sign-in through the system browser goes. */
export interface LoopbackOptions {
  /** The port of `http://localhost`; 0 for a free one, which Entra takes for any registered `http://localhost`. @default 0 */
  readonly port?: number | undefined
  /** The path of the redirect URI, such as `/callback`. @default / */
  readonly path?: string | undefined
  /** Where to listen: `0.0.0.0` only inside a container whose port is published. @default 127.0.0.1, and ::1 where there is one */
  readonly host?: '127.0.0.1' | '0.0.0.0' | undefined
  /** How the answer is asked for; it is taken either way, and `query` is for servers that send no forms. @default form_post */
  readonly responseMode?: 'form_post' | 'query' | undefined
  /** How long to wait for the person, in ms; `Infinity` for as long as it takes. @default 300000 */
  readonly timeout?: number | undefined
  /** A page to begin with, HTML where it starts with `<`; `$auth_uri` goes on to the sign-in, `$abort_uri` gives it up. */
  readonly welcomeTemplate?: string | undefined
  /** The page after a sign-in, HTML where it starts with `<`. */
  readonly successTemplate?: string | undefined
  /** The page after a failure, HTML where it starts with `<`, with `$error`, `$error_description` and `$error_uri`. */
  readonly errorTemplate?: string | undefined
  /** Opens the page in a browser of your own; when it rejects, there was none. @default the system's browser */
  readonly openBrowser?: ((url: string, context: { readonly signal: AbortSignal }) => unknown) | undefined
  /** Is given the page's address where no browser could be opened, to show it; the waiting goes on. Without it, that is an error. */
  readonly authUriCallback?: ((url: string) => unknown) | undefined
  /** Is called before the browser is opened; what it returns is awaited. */
  readonly onBeforeLaunchingUi?: ((event: { readonly ui: 'browser' }) => unknown) | undefined
  /** The environment variables; `BROWSER` names the browsers to try. @default the runtime's own */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

/** The same, with defaults. */
export type CheckedOptions = LoopbackOptions &
  Required<{ [Name in 'port' | 'path' | 'host' | 'responseMode' | 'timeout']: NonNullable<LoopbackOptions[Name]> }>

/** What `setTimeout` can wait for, in ms. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/**
 * Checks the options.
 *
 * @param options What was given.
 * @returns The same, with defaults.
 * @throws {TypeError} saying which option is wrong.
 */
export function checkOptions(options: LoopbackOptions): CheckedOptions {
  expect(typeof options === 'object' && options !== null, 'the options', 'an object')
  const { port = 0, path = '/', host = '127.0.0.1', responseMode = 'form_post', timeout = 300_000, env } = options
  expect(Number.isInteger(port) && port >= 0 && port <= 65_535, 'port', 'an integer from 0 to 65535')
  expect(isPath(path), 'path', 'one as it is in a URL, such as /callback')
  expect(host === '127.0.0.1' || host === '0.0.0.0', 'host', '127.0.0.1 or 0.0.0.0')
  expect(responseMode === 'form_post' || responseMode === 'query', 'responseMode', 'form_post or query')
  expect(
    typeof timeout === 'number' && timeout > 0 && (timeout === Infinity || timeout <= LONGEST_TIMEOUT),
    'timeout',
    `milliseconds, from 1 to ${LONGEST_TIMEOUT}, or Infinity`,
  )
  for (const name of ['welcomeTemplate', 'successTemplate', 'errorTemplate'] as const)
    expect(options[name] === undefined || isText(options[name]), name, 'a text')
  for (const name of ['openBrowser', 'authUriCallback', 'onBeforeLaunchingUi'] as const)
    expect(options[name] === undefined || typeof options[name] === 'function', name, 'a function')
  expect(env === undefined || (typeof env === 'object' && env !== null), 'env', 'an object')
  return { ...options, port, path, host, responseMode, timeout }
}

/** Two slashes would begin a host where the path stands alone. */
function isPath(path: unknown): path is string {
  const url = `http://localhost${path}`
  return typeof path === 'string' && /^\/(?!\/)/.test(path) && URL.canParse(url) && new URL(url).pathname === path
}
