// A program on Azure that reads from an API with its own identity, and signs an app in without a secret.
import { acquireTokenForClient, createConfidentialClient, isAuthError } from '@latchkey/core'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  detectManagedIdentity,
  managedIdentityCredential,
  systemAssigned,
} from '@latchkey/managed-identity'
import process from 'node:process'

const { IDENTITY, RESOURCE = 'https://vault.azure.net', API = '', AUTHORITY, CLIENT_ID, SCOPE } = process.env
console.log((await detectManagedIdentity()).explanation)

// MSAL's form in a variable, such as {"ManagedIdentityIdType":"ClientId","Id":"…"}; without one, the machine's own identity.
const client = createManagedIdentityClient({ identity: IDENTITY ?? systemAssigned() })
try {
  const { accessToken, source } = await acquireTokenForManagedIdentity(client, { resource: RESOURCE })
  console.log(`token from ${source}`)
  const answer = await fetch(API, { headers: { authorization: `Bearer ${accessToken}` } })
  console.log(`the API answered ${answer.status}`)
} catch (error) {
  if (!isAuthError(error) || error.code !== 'managed_identity_unavailable') throw error
  console.log(error.message)
  process.exit()
}

if (AUTHORITY && CLIENT_ID && SCOPE) {
  const credential = managedIdentityCredential(client)
  const app = createConfidentialClient({ clientId: CLIENT_ID, authority: AUTHORITY, credential })
  const { tokenType } = await acquireTokenForClient(app, { scopes: [SCOPE] })
  console.log(`the app has a ${tokenType} token, and no secret`)
}
