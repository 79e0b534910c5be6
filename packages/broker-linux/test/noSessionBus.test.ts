import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, it } from 'vitest'
import { missingNativeBroker } from '../../../tools/nativeBroker/missingNativeBroker.ts'
import { msalRuntimeFile } from '../../../tools/nativeBroker/msalRuntimeFile.ts'
import { bundlePrograms } from './fixtures/bundlePrograms.ts'

const missing = missingNativeBroker()
if (missing) console.log(`skipped: ${missing}`)

it.skipIf(missing)(`says that there is no session bus${missing ? ` (skipped: ${missing})` : ''}`, async () => {
  const { programs, remove } = await bundlePrograms('statusProgram')
  const home = mkdtempSync(join(tmpdir(), 'latchkey-home-'))
  const library = msalRuntimeFile('linux', 'ubuntu', 'x64', 'libmsalruntime.so')
  // Neither the variable nor systemd's socket nor a display, over which a bus could be found.
  const env = { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home }
  const child = spawn(process.execPath, [programs[0]!, library], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  expect(await once(child, 'close')).toEqual([0, null])
  expect(JSON.parse(output)).toMatchObject({
    state: 'start_error',
    message: expect.stringContaining('no D-Bus session bus'),
    nextStep: expect.stringContaining('DBUS_SESSION_BUS_ADDRESS'),
  })
  rmSync(home, { recursive: true })
  remove()
})
