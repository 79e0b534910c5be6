// Runs commandLine.ts twice against the emulator: in a browser that is played by a program, and with a device code.
import { createEmulator, serve } from '@latchkey/emulator'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const emulator = createEmulator()
const { url, close } = await serve(emulator)
const { publicClientId, tenantId, userScope, username } = emulator.defaults
const program = fileURLToPath(new URL('commandLine.ts', import.meta.url))
try {
  for (const option of ['--browser', '--device-code']) {
    console.log(`${option}:`)
    const child = spawn(process.execPath, [program, option], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        CLIENT_ID: publicClientId,
        AUTHORITY: `${url}/${tenantId}`,
        SCOPE: userScope,
        API: `${url}/resource`,
        // No browser opens: the program then prints the address.
        BROWSER: 'no-such-browser',
        PATH: '',
      },
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text.replace(/(Open this page: \S{60})\S+/, '$1…'))
      const page = /Open this page: (\S+)/.exec(text)?.[1]
      const code = /enter the code (\w+)/i.exec(text)?.[1]
      if (page) void answer(page)
      if (code) void emulator.approveDevice(code, { username })
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0) process.exitCode = 1
  }
} finally {
  await close()
}

/** What a person and a browser do: sign in, and bring the answer back to the program. */
async function answer(page: string): Promise<void> {
  const { redirectUri, response } = await emulator.signIn(page, { username })
  const shown = await fetch(redirectUri, { method: 'POST', body: new URLSearchParams(response) })
  console.log(`the browser shows: ${/<h1[^>]*>([^<]*)/.exec(await shown.text())?.[1]}`)
}
