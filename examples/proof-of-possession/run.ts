// Runs proofOfPossession.ts against the emulator, whose resource wants a nonce in every proof.
import { createEmulator, serve } from '@latchkey/emulator'
import process from 'node:process'

const emulator = createEmulator({ proofNonces: true })
const { url, close } = await serve(emulator)
const { clientId, clientSecret, domain, scope } = emulator.defaults
Object.assign(process.env, {
  CLIENT_ID: clientId,
  CLIENT_SECRET: clientSecret,
  AUTHORITY: `${url}/${domain}`,
  SCOPE: scope,
  API: `${url}/resource/orders?a=1`,
})
try {
  await import('./proofOfPossession.ts')
  const asked = emulator.requests.map((request) => `${request.status} ${new URL(request.url).pathname}`)
  console.log(`token requests: ${asked.filter((line) => line.endsWith('/token')).join(', ')}`)
} finally {
  await close()
}
