// Runs cli.ts once, then four times at once, against the emulator.
import { createEmulator, serve } from '@latchkey/emulator'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const emulator = createEmulator()
const { url, close } = await serve(emulator)
const { clientId, clientSecret, domain, scope } = emulator.defaults
const folder = await mkdtemp(join(tmpdir(), 'latchkey-cli-'))
const file = join(folder, 'tokens.cache')

async function run(): Promise<void> {
  const cli = spawn(process.execPath, [fileURLToPath(new URL('cli.ts', import.meta.url))], {
    stdio: 'inherit',
    env: {
      ...process.env,
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret,
      AUTHORITY: `${url}/${domain}`,
      SCOPE: scope,
      CACHE_FILE: file,
      CACHE_KEY_FILE: join(folder, 'key'),
    },
  })
  const [code] = (await once(cli, 'exit')) as [number | null]
  if (code !== 0) process.exitCode = 1
}

try {
  console.log('first run:')
  await run()
  console.log('four runs at once:')
  await Promise.all([run(), run(), run(), run()])
  console.log(`the file begins with: ${(await readFile(file)).toString('latin1', 0, 8)}`)
  const made = emulator.requests.filter((request) => request.url.endsWith('/token')).length
  console.log(`token requests: ${made}`)
} finally {
  await rm(folder, { recursive: true, force: true })
  await close()
}
