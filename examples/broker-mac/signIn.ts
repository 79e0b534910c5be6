// A console program that signs in with the account that a managed Mac knows; elsewhere with the browser.
import { consoleWindow, redirectUriFor, macBroker } from '@latchkey/broker-mac'
import { acquireTokenInteractive, createPublicClient } from '@latchkey/core'
import { loopback } from '@latchkey/loopback'
import process from 'node:process'

const { CLIENT_ID: clientId = '', AUTHORITY: authority, SCOPE: scope = 'User.Read' } = process.env
const broker = macBroker()
const { state, message, nextStep } = await broker.status()
console.log(`${broker.name}: ${state}`)
if (state !== 'available') console.log([message, nextStep].filter(Boolean).join('. '))
console.log(`redirect URI to register: ${redirectUriFor('mac', { clientId })}`)

const client = createPublicClient({ clientId, authority, broker })
const interaction = loopback({ authUriCallback: (url) => console.log(`Open this page: ${url}`) })
const { account, source } = await acquireTokenInteractive(client, {
  ...{ scopes: [scope], parentWindow: consoleWindow, interaction },
})
console.log(`signed in as ${account?.username} by the ${source.replace('_', ' ')}`)
