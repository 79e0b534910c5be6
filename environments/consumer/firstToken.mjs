// Run in an empty folder with the packed packages installed: prints what kind of token came, and from where the second did.
import { acquireTokenForClient, clientSecret, createConfidentialClient, isAuthError } from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'

const emulator = createEmulator()
const { authority, clientId, clientSecret: secret, scope } = emulator.defaults
const { fetch } = emulator
const client = createConfidentialClient({ clientId, authority, credential: clientSecret(secret), fetch })

const first = await acquireTokenForClient(client, { scopes: [scope] })
const second = await acquireTokenForClient(client, { scopes: [scope] })
const wrong = createConfidentialClient({ clientId, authority, credential: clientSecret('not the secret'), fetch })
const error = await acquireTokenForClient(wrong, { scopes: [scope] }).catch((thrown) => thrown)

console.log(
  JSON.stringify({
    types: [first.tokenType, second.tokenType],
    sources: [first.source, second.source],
    same: first.accessToken === second.accessToken,
    parts: first.accessToken.split('.').length,
    error: isAuthError(error) ? error.code : String(error),
    tokenRequests: emulator.requests.filter(({ url }) => url.includes('/token')).length,
  }),
)
