// Runs webApp.ts against the emulator, with a browser that is played by a program.
import { acquireTokenByUsernamePassword, createPublicClient } from '@latchkey/core'
import { createEmulator, serve } from '@latchkey/emulator'
import { createWebApp } from './webApp.ts'

const emulator = createEmulator()
const { url, close } = await serve(emulator)
const { tenantId, clientId, clientSecret, publicClientId, username, password, userScope } = emulator.defaults
const origin = 'http://localhost'
const authority = `${url}/${tenantId}`
const app = createWebApp({
  ...{ authority, clientId, secret: clientSecret, origin, scopes: [userScope] },
  ...{ api: `${url}/resource`, apiScopes: [userScope] },
})
let cookie = ''
try {
  const toSignIn = await visit('/')
  const { response } = await emulator.signIn(toSignIn.headers.get('location') ?? '', { username })
  const back = await visit(`/callback?${new URLSearchParams(response)}`)
  console.log(`back from the sign-in page: ${back.status} to ${back.headers.get('location')}`)
  console.log(`home: ${(await (await visit('/')).text()).trim()}`)
  console.log(
    `the answer once more: ${(await (await visit(`/callback?${new URLSearchParams(response)}`)).text()).trim()}`,
  )

  const caller = createPublicClient({ clientId: publicClientId, authority })
  const scopes = [`api://${clientId}/access_as_user`]
  const { accessToken } = await acquireTokenByUsernamePassword(caller, { username, password, scopes })
  for (const call of ['first', 'second'])
    console.log(`${call} call of the API: ${(await (await visit('/api', accessToken)).text()).trim()}`)
} finally {
  await close()
}

/** What a browser does: keeps the cookie. */
async function visit(path: string, token?: string): Promise<Response> {
  const headers = { cookie, ...(token && { authorization: `Bearer ${token}` }) }
  const response = await app(new Request(`${origin}${path}`, { headers }))
  cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
  return response
}
