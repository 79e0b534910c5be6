// Runs managedIdentity.ts as if in three places on Azure, and in one without any identity, against the emulator.
import { createEmulator, managedIdentityEnvironment, serve } from '@latchkey/emulator'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const emulator = createEmulator()
const { url, close } = await serve(emulator)
const gone = await serve(emulator)
await gone.close()
const { tenantId, scope } = emulator.defaults
const [machine, reader] = [...emulator.directory.managedIdentities.values()]
const clientId = '9b1c2d3e-4f50-4a6b-8c7d-0e1f2a3b4c5d'
const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`
emulator.directory.addApp({
  ...{ clientId, tenantId, name: 'An app without a secret' },
  federatedCredentials: [{ issuer, subject: machine?.objectId ?? '' }],
})
const app = { AUTHORITY: `${url}/${tenantId}`, CLIENT_ID: clientId, SCOPE: scope }
const identity = { IDENTITY: JSON.stringify({ ManagedIdentityIdType: 'ClientId', Id: reader?.clientId }) }
const places = {
  'a virtual machine': { ...managedIdentityEnvironment('imds', { url }), ...app },
  'App Service, with a user-assigned identity': { ...managedIdentityEnvironment('appService', { url }), ...identity },
  'Machine Learning': managedIdentityEnvironment('machineLearning', { url }),
  'somewhere else': managedIdentityEnvironment('imds', { url: gone.url }),
}
try {
  for (const [place, env] of Object.entries(places)) {
    console.log(`in ${place}:`)
    const program = spawn(process.execPath, [fileURLToPath(new URL('managedIdentity.ts', import.meta.url))], {
      stdio: 'inherit',
      env: { ...process.env, ...env, API: `${url}/resource` },
    })
    const [code] = (await once(program, 'exit')) as [number | null]
    if (code !== 0) process.exitCode = 1
  }
} finally {
  await close()
}
