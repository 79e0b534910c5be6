import { createEmulator, serve, type Emulator, type EmulatorOptions } from '@latchkey/emulator'
import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The page of a single-page app: what it is asked to do is in the address. */
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
  const sign = (interaction, more) => outcome(acquireTokenInteractive(client, { scopes, interaction, ...more }))
  Object.assign(window, {
    byPopup: (options, more) => sign(popup(options), more),
    byRedirect: (options, more) => sign(redirect(options), more),
    complete: () => outcome(completeRedirect(client)),
    silent: async () => (await acquireTokenSilent(client, { scopes, account: (await getAccounts(client))[0] })).source,
    twice: () => Promise.all([completeRedirect(client), completeRedirect(client)]).then((all) => all.map((one) => one?.account.username)),
  })
  document.querySelector('#popup').addEventListener('click', () => window.byPopup())
  document.querySelector('#redirect').addEventListener('click', () => window.byRedirect())
  if (new URLSearchParams(location.search).has('auto')) window.byPopup()
  else if (location.pathname === '/own-page' && relayResponse()) show('relayed')
  else if (location.pathname !== '/quiet') window.complete()
`

/** An app and Entra on two origins, and even two sites, of this machine. */
export async function startPages(options: EmulatorOptions = {}): Promise<{
  readonly app: string
  readonly emulator: Emulator
  close(): Promise<void>
}> {
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
    '/receiver.html': { type: 'text/html', body: readFileSync(`${root}/receiver.html`, 'utf8') },
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://app')
    const { type, body, policy: own } = files[pathname] ?? { type: 'text/html', body: page, policy }
    response.writeHead(pathname === '/favicon.ico' ? 404 : 200, {
      'content-type': type,
      ...(own && { 'content-security-policy': own }),
    })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const app = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const registered = emulator.directory.apps.get(clientId)!
  const spa = ['/', '/receiver.html', '/own-page', '/quiet'].map((path) => app + path)
  emulator.directory.addApp({ ...registered, redirectUris: { ...registered.redirectUris, spa } })
  return {
    app,
    emulator,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await entra.close()
    },
  }
}
