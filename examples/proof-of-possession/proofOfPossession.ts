// A program whose tokens are of no use to who steals them: each request proves that the sender has the key.
import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'
import { dpop, signedHttpRequest } from '@latchkey/pop'
import process from 'node:process'

const client = createConfidentialClient({
  clientId: variable('CLIENT_ID'),
  authority: variable('AUTHORITY'),
  credential: clientSecret(variable('CLIENT_SECRET')),
})
const scopes = [variable('SCOPE')]
const api = variable('API')

for (const [name, scheme] of Object.entries({ 'signed HTTP requests': signedHttpRequest(), DPoP: dpop() })) {
  const response = await scheme.fetch(api, {
    acquireToken: ({ claims, signal }) => acquireTokenForClient(client, { scopes, scheme, claims, signal }),
  })
  const { accessToken, tokenType, source } = await acquireTokenForClient(client, { scopes, scheme })
  console.log(`${name}: a ${tokenType} token from ${source}; the API answered ${response.status}`)
  const stolen = await fetch(api, { headers: { authorization: `Bearer ${accessToken}` } })
  console.log(`the same token without its key: ${stolen.status}`)
}

function variable(name: string): string {
  const value = process.env[name]
  if (value !== undefined) return value
  console.error(`Cannot start: the variable ${name} is not set`)
  process.exit(1)
}
