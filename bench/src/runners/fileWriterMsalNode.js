// The same by MSAL Node and its extensions, whose plain file needs nothing of keytar but that it can be imported.
import { registerHooks } from 'node:module'
import process from 'node:process'
import { answer, authority, clientId } from './tokenOf.js'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'keytar'
      ? { url: 'data:text/javascript,export default {}', shortCircuit: true }
      : next(specifier, context),
})
const { FilePersistence, PersistenceCachePlugin } = await import('@azure/msal-node-extensions')
const { ConfidentialClientApplication } = await import('@azure/msal-node')

globalThis.fetch = answer
const { path, scopes } = JSON.parse(process.argv[2] ?? '')
const app = new ConfidentialClientApplication({
  auth: { clientId, authority, clientSecret: 'secret' },
  cache: { cachePlugin: new PersistenceCachePlugin(await FilePersistence.create(path)) },
})
let failed = 0
for (const scope of scopes) await app.acquireTokenByClientCredential({ scopes: [scope] }).catch(() => failed++)
process.stdout.write(JSON.stringify({ failed }))
