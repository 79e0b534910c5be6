import { createEmulator, serve, type Emulator, type EmulatorOptions } from '@latchkey/emulator'
import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The receiver as it is shipped. */
export const receiver: string = readFileSync(`${root}/receiver.html`, 'utf8')

/** The page of a single-page app, and what the tests make it do. */
const program = `
  import { acquireTokenInteractive, acquireTokenSilent, createPublicClient, getAccounts } from './src/index.ts'
  import { popup, relayResponse } from './src/popup.ts'
  import { completeRedirect, redirect } from './src/redirect.ts'
  const { authority, clientId } = JSON.parse(document.querySelector('#settings').textContent)
  const client = createPublicClient({ clientId, authority })
  const show = (text) => (document.querySelector('#outcome').textContent = text)
  const outcome = (call) => call.then(
    (result) => show(result ? 'signed in: ' + result.account.username + ' ' + (result.returnTo ?? '') : 'nothing to complete'),
    (error) => show('failed: ' + (error.code ?? error)),
  )
  const scopes = ['User.Read']
  const controller = new AbortController()
  const sign = (interaction, more) =>
    outcome(acquireTokenInteractive(client, { scopes, interaction, signal: controller.signal, ...more }))
  Object.assign(window, {
    byPopup: (options, more) => sign(popup(options), more),
    byRedirect: (options, more) => sign(redirect(options), more),
    cancel: () => controller.abort(),
    complete: () => outcome(completeRedirect(client)),
    silent: async () => (await acquireTokenSilent(client, { scopes, account: (await getAccounts(client))[0] })).source,
    twice: () => Promise.all([completeRedirect(client), completeRedirect(client)]).then((all) => all.map((one) => one?.account.username)),
    // What React does to effects while an app is developed.
    mountedTwice: async () => {
      const first = new AbortController()
      const given = completeRedirect(client, { signal: first.signal }).catch(({ code }) => code)
      first.abort()
      return [await given, (await completeRedirect(client)).account.username]
    },
  })
  document.querySelector('#popup').addEventListener('click', () => window.byPopup())
  document.querySelector('#redirect').addEventListener('click', () => window.byRedirect())
  if (new URLSearchParams(location.search).has('auto')) window.byPopup()
  else if (location.pathname === '/own-page' && relayResponse()) show('relayed')
  else if (location.pathname !== '/quiet') window.complete()
`

/** Opens the app's page, and says to it what it is told to say. */
const stranger = `<!doctype html><title>Stranger</title><script>
  let victim
  function meet(address) { victim = open(address) }
  function say(message, target) { victim.postMessage(message, target) }
</script>`

/** What the pages are served with. */
export interface PagesOptions extends EmulatorOptions {
  /** Headers of the app's pages, the receiver among them. */
  readonly appHeaders?: Readonly<Record<string, string>>
}

/** An app, Entra and a stranger's page on origins of their own. */
export interface Pages {
  readonly app: string
  readonly stranger: string
  readonly emulator: Emulator
  /** How many times a code was redeemed. */
  tokenRequests(): number
  close(): Promise<void>
}

/** Serves them; the app and Entra are even on different sites of this machine. */
export async function startPages({ appHeaders, ...options }: PagesOptions = {}): Promise<Pages> {
  const emulator = createEmulator(options)
  const entra = await serve(emulator, { hostname: 'localhost' })
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'js' },
    ...{ bundle: true, write: false, format: 'esm', target: 'es2022', logLevel: 'silent' },
  })
  const { tenantId, publicClientId: clientId } = emulator.defaults
  const settings = JSON.stringify({ authority: `${entra.url}/${tenantId}`, clientId })
  const page = `<!doctype html><title>App</title><button id="popup">Popup</button><button id="redirect">Redirect</button>
    <p id="outcome"></p><script type="application/json" id="settings">${settings}</script><script type="module" src="/app.js"></script>`
  const policy = `default-src 'none'; script-src 'self'; connect-src ${entra.url}`
  const files: Record<string, { type: string; body: string; policy?: string }> = {
    '/app.js': { type: 'text/javascript', body: outputFiles[0]!.text },
    // It brings a policy of its own.
    '/receiver.html': { type: 'text/html', body: receiver },
  }
  const appServer = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://app')
    const { type, body, policy: own } = files[pathname] ?? { type: 'text/html', body: page, policy }
    response.writeHead(pathname === '/favicon.ico' ? 404 : 200, {
      'content-type': type,
      ...(own && { 'content-security-policy': own }),
      ...appHeaders,
    })
    response.end(body)
  })
  const strangerServer = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(stranger)
  })
  const app = await listen(appServer)
  const registered = emulator.directory.apps.get(clientId)!
  const spa = ['/', '/receiver.html', '/own-page', '/quiet', '/?language=de'].map((path) => app + path)
  emulator.directory.addApp({ ...registered, redirectUris: { ...registered.redirectUris, spa } })
  return {
    app,
    stranger: await listen(strangerServer),
    emulator,
    tokenRequests: () =>
      emulator.requests.filter(({ method, url }) => method === 'POST' && url.endsWith('/token')).length,
    async close() {
      for (const server of [appServer, strangerServer]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
      await entra.close()
    },
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
