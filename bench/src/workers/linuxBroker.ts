// A fresh process: gets tokens with MSALRuntime alone, or with the broker on it.
import process from 'node:process'
import { consoleWindow, linuxBroker } from '@latchkey/broker-linux'
import { acquireTokenInteractive, createPublicClient, type Account } from '@latchkey/core'

/** What to do. */
export interface LinuxBrokerTask {
  readonly subject: 'library' | 'broker'
  readonly library: string
  readonly clientId: string
  /** Who is asked for; without one, somebody signs in. */
  readonly account?: Account
  /** How many tokens; with more than one, memory is what counts. */
  readonly tokens: number
}

/** What came of it; memory is what the second half of the tokens took, in bytes. */
export interface LinuxBrokerFigures {
  readonly account?: Account | undefined
  readonly loaded?: number | undefined
  readonly milliseconds: number
  readonly memory: number
}

const { subject, library, clientId, account, tokens } = JSON.parse(process.argv[2] ?? '') as LinuxBrokerTask
const authority = 'https://login.microsoftonline.com/organizations'
const scopes = ['User.Read']
const broker = linuxBroker({ libraryPath: library, policy: 'require' })
const client = createPublicClient({ clientId, authority, broker })
/** What is in use: of the heap that V8 keeps for later, only what is filled. */
const memory = (): number => {
  globalThis.gc!()
  const { rss, heapTotal, heapUsed } = process.memoryUsage()
  return rss - heapTotal + heapUsed
}

// koffi is loaded for the one that needs it: the broker loads it by itself, and the time for that is its own.
const alone = subject === 'library' ? await import('../subjects/msalRuntimeAlone.ts') : undefined
const from = performance.now()
let loaded: number | undefined
let signedIn = account
let token = async (): Promise<void> => {
  // The broker itself: the client's own cache would answer from the second time on.
  if (!(await broker.acquireTokenSilent(client, { scopes, account }))) throw new Error('There is no token')
}
if (!account) signedIn = (await acquireTokenInteractive(client, { scopes, parentWindow: consoleWindow })).account
else if (alone) {
  const opened = await alone.openMsalRuntime(library, () => (loaded = performance.now() - from))
  const request = { clientId, authority, scope: scopes[0]!, accountId: account.localAccountId! }
  token = () => opened.token(request)
}
let before = 0
for (let done = 0; done < tokens; done++) {
  if (tokens > 1 && done === tokens / 2) before = memory()
  await token()
}
const milliseconds = performance.now() - from
const figures = { account: signedIn, loaded, milliseconds, memory: tokens > 1 ? memory() - before : 0 }
process.stdout.write(JSON.stringify(figures satisfies LinuxBrokerFigures))
process.exit()
