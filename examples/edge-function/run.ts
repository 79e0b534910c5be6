// Runs worker.ts, bundled, in workerd: its token from the emulator, its API the emulator's too.
import { createEmulator, serve } from '@latchkey/emulator'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'

const bundle = readFileSync(new URL('dist/worker.js', import.meta.url))
console.log(`bundle: ${bundle.length} bytes minified, ${brotliCompressSync(bundle).length} with brotli`)

const emulator = createEmulator()
const { url, close } = await serve(emulator)
const { clientId, clientSecret, domain, scope } = emulator.defaults
const program = createRequire(import.meta.url)('workerd').default as string
const config = fileURLToPath(new URL('workerd.capnp', import.meta.url))
// On descriptor 3 workerd tells which port it got.
const workerd = spawn(program, ['serve', '--control-fd=3', config], {
  stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  env: {
    ...process.env,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    AUTHORITY: `${url}/${domain}`,
    SCOPE: scope,
    API: `${url}/resource`,
  },
})
try {
  const port = await new Promise<number>((resolve, reject) => {
    workerd.stdio[3]?.once('data', (line: Buffer) => resolve((JSON.parse(line.toString()) as { port: number }).port))
    workerd.once('error', reject).once('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
  })
  for (const call of ['first', 'second']) {
    const response = await fetch(`http://127.0.0.1:${port}/`)
    const { claims } = (await response.json()) as { claims: Record<string, unknown> }
    console.log(`${call} call: ${response.status}, token from ${response.headers.get('token-source')}`)
    console.log(`  the API saw an ${claims['idtyp']} token with the roles ${String(claims['roles'])}`)
  }
  const made = emulator.requests.filter((request) => request.url.endsWith('/token')).length
  console.log(`token requests: ${made}`)
} finally {
  workerd.kill()
  await close()
}
