import process from 'node:process'
import { parseArgs } from 'node:util'
import { createApp } from './createApp.js'
import { firstToken } from './firstToken.js'
import { listen } from './listen.js'
import { openBrowser } from './openBrowser.js'

const PORT = 4173

const HELP = `Latchkey's playground: a page where tokens are acquired from a local emulator, or from your own tenant.

  npm start                      from the root of the repository
  npm start -- --port 5000

  --port N     the port to listen on, 0 for any free one (default ${PORT}, or the next free one)
  --no-open    print the address only; no browser is opened without a terminal and a display in any case
  --help       this text

It listens on 127.0.0.1 only, and Ctrl-C ends it.
`

await main()

async function main(): Promise<void> {
  const options = readOptions()
  if (options.help) {
    process.stdout.write(HELP)
    return
  }
  const app = createApp()
  process.once('exit', () => app.close())
  const { token, claims, source } = await firstToken(app.emulator)
  const listening = await listen(app, options.port ?? PORT, options.port === undefined ? 20 : 1).catch(
    (error: unknown) => fail(`Cannot listen on port ${options.port ?? PORT}: ${(error as NodeJS.ErrnoException).code}`),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => listening.close())
  process.stdout.write(`
A first app token, from the emulator by way of @latchkey/core (source: ${source}; its signature is cut):

${token}

${JSON.stringify(claims, undefined, 2)}

The playground is open; Ctrl-C ends it.

${listening.url}
`)
  if (options.open) await openBrowser(listening.url)
}

function readOptions(): { help: boolean; open: boolean; port: number | undefined } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        open: { type: 'boolean', default: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowNegative: true,
      // pnpm hands the separator of "pnpm start -- --port 5000" on
      args: process.argv.slice(2).filter((argument) => argument !== '--'),
    })
    const { help, open } = values
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(/^\d+$/.test(values.port ?? '') && port < 65_536))
      fail('Cannot use --port: expected 0 to 65535')
    return { help, open, port }
  } catch (error) {
    return fail((error as Error).message)
  }
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\nSee --help\n`)
  process.exit(1)
}
