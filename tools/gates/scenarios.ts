/** A program as a user would write it, and what its bundle may weigh and hold. */
export interface Scenario {
  /** Named in READMEs: `<!-- size:NAME -->`. */
  name: string
  program: string
  /** Limit in bytes: esbuild, minified, platform browser, es2022, brotli 11. */
  maxBrotli: number
  /** How much it may weigh beyond another scenario, which it is the same as but for what is weighed; in the same bytes. */
  over?: { name: string; maxBrotli: number }
  /** Text that proves that something came along that nobody asked for. */
  forbidden: string[]
  /** Text that must be there: the proof that what others forbid is spelled right. */
  holds?: string[]
}

/** What only signing in a user, a broker, bound tokens or Node would bring. */
const NOT_FOR_APPS = [
  ...[
    'authorization_code',
    'device_code',
    'code_challenge',
    'popup',
    'req_cnf',
    'dpop_jkt',
    'on_behalf_of',
    'jwt-bearer',
  ],
  ...['RSTR', 'userrealm', 'RequestSecurityToken', 'koffi', 'indexedDB', 'node:'],
]

/** The same for an app that shows the authorization page. */
const INTERACTIVE_FORBIDS = NOT_FOR_APPS.filter((text) => !/^(authorization_code|code_challenge|popup)$/.test(text))

/** A sentence of the table of `explain`, which weighs as much as a flow. */
const EXPLANATIONS = ['Start an interactive sign-in']

export const scenarios: Scenario[] = [
  {
    name: 'client-credentials',
    program: `
      import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'
      const client = createConfidentialClient({ clientId: 'id', authority: 'https://login.microsoftonline.com/tenant', credential: clientSecret('secret') })
      export default { fetch: async () => new Response((await acquireTokenForClient(client, { scopes: ['https://graph.microsoft.com/.default'] })).tokenType) }`,
    maxBrotli: 8000,
    forbidden: [...NOT_FOR_APPS, ...EXPLANATIONS],
  },
  {
    name: 'signed-http-request',
    program: `
      import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'
      import { signedHttpRequest } from '@latchkey/pop'
      const client = createConfidentialClient({ clientId: 'id', authority: 'https://login.microsoftonline.com/tenant', credential: clientSecret('secret') })
      const scheme = signedHttpRequest()
      const acquireToken = ({ claims, signal }) => acquireTokenForClient(client, { scopes: ['https://graph.microsoft.com/.default'], scheme, claims, signal })
      export default { fetch: () => scheme.fetch('https://graph.microsoft.com/v1.0/users', { acquireToken }) }`,
    maxBrotli: 11_450,
    over: { name: 'client-credentials', maxBrotli: 3500 },
    // What signs the request is what oauth4webapi signs client assertions with.
    forbidden: [...NOT_FOR_APPS.filter((text) => !/^(req_cnf|jwt-bearer)$/.test(text)), ...EXPLANATIONS],
    holds: ['req_cnf'],
  },
  {
    name: 'dpop',
    program: `
      import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'
      import { dpop } from '@latchkey/pop'
      const client = createConfidentialClient({ clientId: 'id', authority: 'https://login.microsoftonline.com/tenant', credential: clientSecret('secret') })
      const scheme = dpop()
      const acquireToken = ({ claims, signal }) => acquireTokenForClient(client, { scopes: ['https://graph.microsoft.com/.default'], scheme, claims, signal })
      export default { fetch: () => scheme.fetch('https://graph.microsoft.com/v1.0/users', { acquireToken }) }`,
    maxBrotli: 11_450,
    over: { name: 'client-credentials', maxBrotli: 3500 },
    forbidden: [...NOT_FOR_APPS.filter((text) => text !== 'dpop_jkt'), ...EXPLANATIONS],
    holds: ['dpop_jkt'],
  },
  {
    name: 'device-code',
    program: `
      import { acquireTokenByDeviceFlow, createPublicClient, initiateDeviceFlow } from '@latchkey/core'
      const client = createPublicClient({ clientId: 'id' })
      const flow = await initiateDeviceFlow(client, { scopes: ['User.Read'] })
      console.log(flow.message)
      console.log(await acquireTokenByDeviceFlow(client, { flow }))`,
    maxBrotli: 9500,
    forbidden: [...NOT_FOR_APPS.filter((text) => text !== 'device_code'), ...EXPLANATIONS],
    holds: ['device_code'],
  },
  {
    name: 'silent',
    program: `
      import { acquireTokenSilent, createPublicClient, getAccounts } from '@latchkey/core'
      const client = createPublicClient({ clientId: 'id' })
      const [account] = await getAccounts(client)
      console.log(await acquireTokenSilent(client, { scopes: ['User.Read'], account }))`,
    maxBrotli: 10_600,
    forbidden: [...NOT_FOR_APPS, ...EXPLANATIONS],
  },
  {
    name: 'redirect',
    program: `
      import { acquireTokenInteractive, acquireTokenSilent, createPublicClient } from '@latchkey/core'
      import { completeRedirect, redirect } from '@latchkey/core/redirect'
      const client = createPublicClient({ clientId: 'id' })
      const signedIn = await completeRedirect(client)
      const options = { scopes: ['User.Read'], account: signedIn?.account, interaction: redirect() }
      console.log(await acquireTokenSilent(client, options).catch(() => acquireTokenInteractive(client, options)))`,
    maxBrotli: 13_000,
    forbidden: [...INTERACTIVE_FORBIDS, 'BroadcastChannel', ...EXPLANATIONS],
    holds: ['authorization_code', 'code_challenge'],
  },
  {
    name: 'popup',
    program: `
      import { acquireTokenInteractive, acquireTokenSilent, createPublicClient, getAccounts } from '@latchkey/core'
      import { popup } from '@latchkey/core/popup'
      const client = createPublicClient({ clientId: 'id' })
      const [account] = await getAccounts(client)
      const options = { scopes: ['User.Read'], account, interaction: popup() }
      console.log(await acquireTokenSilent(client, options).catch(() => acquireTokenInteractive(client, options)))`,
    maxBrotli: 13_500,
    forbidden: [...INTERACTIVE_FORBIDS, 'sessionStorage', ...EXPLANATIONS],
    holds: ['authorization_code', 'BroadcastChannel'],
  },
  {
    name: 'auth-code-flow',
    program: `
      import { acquireTokenByAuthCodeFlow, clientSecret, createConfidentialClient, initiateAuthCodeFlow } from '@latchkey/core'
      const client = createConfidentialClient({ clientId: 'id', credential: clientSecret('secret') })
      const flow = await initiateAuthCodeFlow(client, { scopes: ['User.Read'], redirectUri: 'https://app.example/cb' })
      console.log(flow.authUri, await acquireTokenByAuthCodeFlow(client, { flow, response: {} }))`,
    maxBrotli: 11_100,
    forbidden: [...NOT_FOR_APPS.filter((text) => !/^(authorization_code|code_challenge)$/.test(text)), ...EXPLANATIONS],
    holds: ['authorization_code', 'code_challenge'],
  },
  {
    name: 'on-behalf-of',
    program: `
      import { acquireTokenOnBehalfOf, clientSecret, createConfidentialClient } from '@latchkey/core'
      const client = createConfidentialClient({ clientId: 'id', credential: clientSecret('secret') })
      console.log(await acquireTokenOnBehalfOf(client, { scopes: ['User.Read'], userAssertion: 'token' }))`,
    maxBrotli: 10_500,
    forbidden: [...NOT_FOR_APPS.filter((text) => !/^(on_behalf_of|jwt-bearer)$/.test(text)), ...EXPLANATIONS],
    holds: ['on_behalf_of', 'jwt-bearer'],
  },
  {
    name: 'username-password',
    program: `
      import { acquireTokenByUsernamePassword, createPublicClient } from '@latchkey/core'
      const client = createPublicClient({ clientId: 'id' })
      console.log(await acquireTokenByUsernamePassword(client, { scopes: ['User.Read'], username: 'ada', password: 'pw' }))`,
    maxBrotli: 9500,
    forbidden: [...NOT_FOR_APPS.filter((text) => text !== 'userrealm'), ...EXPLANATIONS],
    holds: ['userrealm'],
  },
  {
    name: 'errors',
    program: `import { AuthError, isAuthError } from '@latchkey/core'; console.log(AuthError, isAuthError)`,
    maxBrotli: 400,
    forbidden: [...NOT_FOR_APPS, ...EXPLANATIONS, 'fetch', 'client_credentials'],
  },
  {
    name: 'memory-cache',
    program: `import { memoryCache } from '@latchkey/core'; console.log(memoryCache())`,
    maxBrotli: 1300,
    forbidden: [...NOT_FOR_APPS, ...EXPLANATIONS, 'fetch', 'client_credentials'],
  },
  {
    name: 'explain',
    program: `import { explain } from '@latchkey/core'; console.log(explain(new Error()))`,
    maxBrotli: 2500,
    forbidden: ['client_credentials', 'oauth2', 'node:'],
    holds: EXPLANATIONS,
  },
  {
    name: 'ws-trust',
    program: `import { wsTrust } from '@latchkey/ws-trust'; console.log(wsTrust())`,
    maxBrotli: 8000,
    forbidden: [...EXPLANATIONS, 'fetch', 'client_credentials', 'oauth2', 'node:'],
    holds: ['RequestSecurityToken'],
  },
  {
    name: 'cache-redis',
    program: `import { redisCache } from '@latchkey/cache-redis'; console.log(redisCache({ client: globalThis.client }))`,
    maxBrotli: 4400,
    forbidden: [...NOT_FOR_APPS, ...EXPLANATIONS, 'fetch', 'client_credentials'],
  },
  {
    name: 'cache-idb',
    program: `import { idbCache } from '@latchkey/cache-idb'; console.log(idbCache())`,
    maxBrotli: 4100,
    forbidden: [...NOT_FOR_APPS.filter((text) => text !== 'indexedDB'), ...EXPLANATIONS, 'fetch', 'client_credentials'],
    holds: ['indexedDB'],
  },
  {
    name: 'import-msal-browser',
    program: `import { importMsalBrowser } from '@latchkey/cache-idb'; console.log(importMsalBrowser)`,
    maxBrotli: 900,
    forbidden: [...NOT_FOR_APPS, ...EXPLANATIONS, 'fetch', 'client_credentials', 'BroadcastChannel'],
  },
  {
    name: 'managed-identity-imds',
    program: `
      import { acquireTokenForManagedIdentity, createManagedIdentityClient, systemAssigned } from '@latchkey/managed-identity'
      const client = createManagedIdentityClient({ identity: systemAssigned() })
      console.log(await acquireTokenForManagedIdentity(client, { resource: 'https://vault.azure.net' }))`,
    maxBrotli: 9200,
    forbidden: [
      ...NOT_FOR_APPS,
      ...EXPLANATIONS,
      'client_credentials',
      'client_assertion',
      'ACTIONS_ID_TOKEN',
      '50342',
    ],
    holds: ['169.254.169.254'],
  },
  {
    name: 'token-credential',
    program: `
      import { clientSecret, createConfidentialClient, toTokenCredential } from '@latchkey/core'
      console.log(toTokenCredential(createConfidentialClient({ clientId: 'id', credential: clientSecret('secret') })))`,
    maxBrotli: 8300,
    forbidden: [...NOT_FOR_APPS, ...EXPLANATIONS],
  },
]
