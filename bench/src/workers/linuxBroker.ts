// A fresh process: loads MSALRuntime alone, or gets tokens with it.
import process from 'node:process'
import { consoleWindow, linuxBroker } from '@latchkey/broker-linux'
import { acquireTokenInteractive, createPublicClient, type Account } from '@latchkey/core'
import koffi from 'koffi'

/** What to do. */
export interface LinuxBrokerTask {
  readonly what: 'load' | 'sign in' | 'first' | 'many'
  readonly library: string
  readonly clientId: string
  readonly account?: Account
  readonly operations?: number
}

/** What came of it. */
export interface LinuxBrokerFigures {
  readonly account?: Account | undefined
  readonly milliseconds?: number
  /** In bytes. */
  readonly growth?: number
}

const { what, library, clientId, account, operations = 0 } = JSON.parse(process.argv[2] ?? '') as LinuxBrokerTask
const authority = 'https://login.microsoftonline.com/organizations'
const scopes = ['User.Read']
const broker = linuxBroker({ libraryPath: library, policy: 'require' })
const client = createPublicClient({ clientId, authority, broker })
const memory = (): number => {
  globalThis.gc!()
  return process.memoryUsage.rss()
}
const token = async (): Promise<void> => {
  // The broker itself: the client's own cache would answer from the second time on.
  if (!(await broker.acquireTokenSilent(client, { scopes, account }))) throw new Error('There is no token')
}

const figures: Record<LinuxBrokerTask['what'], () => Promise<LinuxBrokerFigures>> = {
  async load() {
    const from = performance.now()
    koffi.load(library)
    return { milliseconds: performance.now() - from }
  },
  'sign in': async () => {
    const { account } = await acquireTokenInteractive(client, { scopes, parentWindow: consoleWindow })
    return { account }
  },
  async first() {
    const from = performance.now()
    await token()
    return { milliseconds: performance.now() - from }
  },
  async many() {
    const first = operations / 10
    for (let done = 0; done < first; done++) await token()
    const [before, from] = [memory(), performance.now()]
    for (let done = first; done < operations; done++) await token()
    return { milliseconds: performance.now() - from, growth: memory() - before }
  },
}
process.stdout.write(JSON.stringify(await figures[what]()))
