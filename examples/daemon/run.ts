// Runs daemon.ts twice, as a timer would, against the emulator.
import { createEmulator, serve } from '@latchkey/emulator'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const emulator = createEmulator()
const { url, close } = await serve(emulator)
const { clientId, clientSecret, domain, scope } = emulator.defaults
const folder = await mkdtemp(join(tmpdir(), 'latchkey-daemon-'))
const file = join(folder, 'state', 'tokens.json')
try {
  for (const run of ['first', 'second']) {
    console.log(`${run} run:`)
    const daemon = spawn(process.execPath, [fileURLToPath(new URL('daemon.ts', import.meta.url))], {
      stdio: 'inherit',
      env: {
        ...process.env,
        CLIENT_ID: clientId,
        CLIENT_SECRET: clientSecret,
        AUTHORITY: `${url}/${domain}`,
        SCOPE: scope,
        API: `${url}/resource`,
        CACHE_FILE: file,
      },
    })
    const [code] = (await once(daemon, 'exit')) as [number | null]
    if (code !== 0) process.exitCode = 1
  }
  console.log(`the cache file's mode: ${((await stat(file)).mode & 0o777).toString(8)}`)
  const made = emulator.requests.filter((request) => request.url.endsWith('/token')).length
  console.log(`token requests: ${made}`)
} finally {
  await rm(folder, { recursive: true, force: true })
  await close()
}
