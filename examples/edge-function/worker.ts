import { acquireTokenForClient, clientSecret, createConfidentialClient, type ConfidentialClient } from '@latchkey/core'

type Env = Readonly<Record<'CLIENT_ID' | 'CLIENT_SECRET' | 'AUTHORITY' | 'SCOPE' | 'API', string>>
interface Context {
  waitUntil(promise: Promise<unknown>): void
}

// Kept between requests, for as long as the runtime keeps this instance: its cache is what saves the round trips.
let client: ConfidentialClient | undefined

export default {
  async fetch(_request: Request, env: Env, context: Context): Promise<Response> {
    client ??= createConfidentialClient({
      clientId: env.CLIENT_ID,
      authority: env.AUTHORITY,
      credential: clientSecret(env.CLIENT_SECRET),
    })
    const waitUntil = (promise: Promise<unknown>): void => context.waitUntil(promise)
    const { accessToken, source } = await acquireTokenForClient(client, { scopes: [env.SCOPE], waitUntil })
    const answer = await fetch(env.API, { headers: { authorization: `Bearer ${accessToken}` } })
    return new Response(answer.body, { status: answer.status, headers: { 'token-source': source } })
  },
}
