// Serves the single-page app until it is ended: its identity provider and its API are the emulator's, or yours (see ../README.md).
import { createEmulator, serve } from '@latchkey/emulator'
import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const core = new URL('.', import.meta.resolve('@latchkey/core/package.json'))
const { outputFiles } = await build({
  ...{ entryPoints: [`${folder}spa.ts`], bundle: true, minify: true, write: false },
  ...{ format: 'esm', target: 'es2022', platform: 'browser', logLevel: 'warning' },
})
const files: Record<string, [type: string, body: string]> = {
  '/': ['text/html; charset=utf-8', readFileSync(`${folder}index.html`, 'utf8')],
  '/spa.css': ['text/css', readFileSync(`${folder}spa.css`, 'utf8')],
  '/spa.js': ['text/javascript', outputFiles[0]!.text],
  '/receiver.html': ['text/html; charset=utf-8', readFileSync(new URL('receiver.html', core), 'utf8')],
}
const [, hash = ''] = /script-src ('sha256-[^']+')/.exec(files['/receiver.html']![1]) ?? []

let policy = "default-src 'none'"

const server = createServer((request, response) => {
  const [type, body] = files[new URL(request.url ?? '/', 'http://localhost').pathname] ?? []
  if (!type || request.method !== 'GET') response.writeHead(404).end()
  else response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body)
})
await new Promise<void>((resolve) => server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', resolve))
const origin = `http://localhost:${(server.address() as AddressInfo).port}`
const redirectUris = [`${origin}/`, `${origin}/receiver.html`]

const { AUTHORITY, CLIENT_ID, SCOPE = 'User.Read', API = 'https://graph.microsoft.com/v1.0/me' } = process.env
const settings =
  AUTHORITY && CLIENT_ID ? { authority: AUTHORITY, clientId: CLIENT_ID, scope: SCOPE, api: API } : await startEmulator()
files['/settings.json'] = ['application/json', JSON.stringify(settings)]
const { authority, api } = settings
policy = [
  ...["default-src 'none'", "style-src 'self'", 'img-src data:', `script-src 'self' ${hash}`],
  `connect-src 'self' ${new URL(authority).origin} ${new URL(api).origin}`,
].join('; ')
console.log(`registered redirect URIs, of kind single-page application: ${redirectUris.join(' ')}`)
console.log(`open ${origin}/`)

async function startEmulator(): Promise<Record<'authority' | 'clientId' | 'scope' | 'api', string>> {
  const emulator = createEmulator()
  const { url } = await serve(emulator)
  const { tenantId, publicClientId: clientId, userScope: scope, username, password } = emulator.defaults
  const app = emulator.directory.apps.get(clientId)!
  emulator.directory.addApp({ ...app, redirectUris: { ...app.redirectUris, spa: redirectUris } })
  console.log(`sign in as ${username} with the password ${password}`)
  return { authority: `${url}/${tenantId}`, clientId, scope, api: `${url}/resource` }
}
