import { AuthError } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fillTemplate } from './fillTemplate.js'
import { holdResponses } from './holdResponses.js'
import { launchBrowser } from './launchBrowser.js'
import { listen } from './listen.js'
import type { CheckedOptions } from './LoopbackOptions.js'
import { oneTimer } from './oneTimer.js'
import { readRequest, Refusal } from './readRequest.js'
import { resultPage } from './resultPage.js'
import { sendPage } from './sendPage.js'

/** A sign-in on its way. */
export interface SignIn {
  /** Where the answer is to be sent. */
  readonly redirectUri: string
  /** Opens the browser and waits for the answer with this state. */
  navigate(url: string, state: string): Promise<Record<string, string>>
  /** Shows in the browser how it ended, and leaves nothing open. */
  finish(error?: unknown): Promise<void>
}

/** How long the browser's page may wait for the program to say how the sign-in ended, in ms. */
const EXCHANGE_TIMEOUT = 120_000

/**
 * Starts to listen for the answer of one sign-in.
 *
 * @param options The options of all sign-ins.
 * @param signal Ends this one.
 * @returns The sign-in.
 * @throws {AuthError} `network_error` when the port cannot be had.
 */
export async function startSignIn(options: CheckedOptions, signal: AbortSignal): Promise<SignIn> {
  signal.throwIfAborted()
  const { path, timeout, welcomeTemplate } = options
  const held = holdResponses()
  const timer = oneTimer()
  const over = new AbortController() // nothing is waited for any more: answered, or given up
  let expected: { readonly state: string; readonly authUri: string } | undefined
  let received: Readonly<Record<string, string>> | undefined
  let finishing: Promise<void> | undefined
  let resolve!: (response: Record<string, string>) => void
  let reject!: (error: unknown) => void
  const outcome = new Promise<Record<string, string>>((...both) => ([resolve, reject] = both))
  outcome.catch(() => {}) // it may fail before anybody waits for it

  const listener = await listen(options, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof Refusal) void sendPage(response, error)
      else response.destroy()
    })
  })
  const redirectUri = `http://localhost:${listener.port}${path === '/' ? '' : path}`
  const abort = (): void => fail(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) {
    await close()
    throw signal.reason
  }
  wait()

  return { redirectUri, navigate, finish }

  function wait(): void {
    const seconds = timeout / 1000
    timer.start(timeout, () => fail(new AuthError('timeout', `Cannot sign in: nobody did within ${seconds} seconds`)))
  }

  async function navigate(url: string, state: string): Promise<Record<string, string>> {
    expect(/^https?:\/\//i.test(url) && URL.canParse(url), 'the authorization URL', 'one with https or http')
    expect(!expected, 'signal', 'one for each sign-in')
    expected = { state, authUri: url }
    await options.onBeforeLaunchingUi?.({ ui: 'browser' })
    if (over.signal.aborted) return outcome
    wait()
    const target = welcomeTemplate === undefined ? url : `http://localhost:${listener.port}${ownPage(state)}`
    launchBrowser(target, options, signal, over.signal).catch(fail)
    return outcome
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {}) // the browser went away
    const parameters = await readRequest(request, listener.port, path)
    const isResponse = 'code' in parameters || 'error' in parameters
    if (!expected || (!isResponse && parameters['state'] !== expected.state)) throw new Refusal(404, 'Not found')
    if (parameters['state'] !== expected.state) throw new Refusal(400, 'State mismatch')
    if (isResponse) {
      receive(parameters)
      if (request.method === 'POST') return held.hold(response)
      // To an address without the code, which the browser keeps.
      held.expectOne()
      return sendPage(response, { status: 303, body: '', location: ownPage(expected.state) })
    }
    if (request.method !== 'GET') throw new Refusal(400, 'Neither code nor error')
    if (received) return held.hold(response)
    if (welcomeTemplate === undefined) throw new Refusal(404, 'Not found')
    const abortUri = `${redirectUri}?${new URLSearchParams({ error: 'abort', state: expected.state })}`
    const values = { auth_uri: expected.authUri, abort_uri: abortUri }
    return sendPage(response, { status: 200, body: fillTemplate(welcomeTemplate, values) })
  }

  /** The page of this sign-in: nobody else knows the state. */
  function ownPage(state: string): string {
    return `${path}?${new URLSearchParams({ state })}`
  }

  function receive(parameters: Record<string, string>): void {
    if (over.signal.aborted) return
    received = parameters
    over.abort()
    const silent = new AuthError('timeout', 'Cannot sign in: the program did not say how it ended')
    timer.start(EXCHANGE_TIMEOUT, () => void finish(silent))
    if (parameters['error'] === 'abort')
      reject(new AuthError('user_cancelled', 'Cannot sign in: cancelled in the browser'))
    else resolve(parameters)
  }

  function fail(error: unknown): void {
    if (over.signal.aborted) return
    over.abort()
    reject(error)
    void close()
  }

  async function finish(error?: unknown): Promise<void> {
    over.abort()
    reject(error ?? new AuthError('user_cancelled', 'Cannot sign in: finished before there was an answer'))
    finishing ??= end(error)
    await finishing
  }

  async function end(error: unknown): Promise<void> {
    await held.answer(resultPage(options, received, error))
    await close()
  }

  function close(): Promise<void> {
    timer.stop()
    signal.removeEventListener('abort', abort)
    return listener.close()
  }
}
