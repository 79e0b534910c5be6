// A command-line program that a person signs in to: in the system's browser, or with --device-code on another device.
import {
  acquireTokenByDeviceFlow,
  acquireTokenInteractive,
  acquireTokenSilent,
  createPublicClient,
  explain,
  getAccounts,
  initiateDeviceFlow,
  needsInteraction,
} from '@latchkey/core'
import { loopback } from '@latchkey/loopback'
import process from 'node:process'

const scopes = [variable('SCOPE')]
const client = createPublicClient({ clientId: variable('CLIENT_ID'), authority: variable('AUTHORITY') })
const signal = interrupted()

try {
  const [account] = await getAccounts(client)
  const { account: user, accessToken } = await acquireTokenSilent(client, { scopes, account, signal }).catch(
    (error) => {
      if (!needsInteraction(error)) throw error
      return process.argv.includes('--device-code') ? onAnotherDevice() : inTheBrowser()
    },
  )
  console.log(`signed in as ${user?.username}`)
  const answer = await fetch(variable('API'), { headers: { authorization: `Bearer ${accessToken}` } })
  console.log(`the API answered ${answer.status}`)
  // This program keeps its tokens in memory: a second look finds them there.
  const again = await acquireTokenSilent(client, { scopes, account: user, signal })
  console.log(`the next token comes from ${again.source}`)
} catch (error) {
  console.error(explain(error) ?? String(error))
  process.exitCode = 1
}

function inTheBrowser() {
  const interaction = loopback({ authUriCallback: (url) => console.log(`Open this page: ${url}`) })
  return acquireTokenInteractive(client, { scopes, interaction, signal })
}

async function onAnotherDevice() {
  const flow = await initiateDeviceFlow(client, { scopes, signal })
  console.log(flow.message)
  return acquireTokenByDeviceFlow(client, { flow, signal })
}

/** Ctrl-C gives up the sign-in in an orderly way. */
function interrupted(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  return controller.signal
}

function variable(name: string): string {
  const value = process.env[name]
  if (value) return value
  console.error(`Cannot start: the variable ${name} is not set`)
  process.exit(1)
}
