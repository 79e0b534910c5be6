/** A program as a user would write it, and what its bundle may weigh and hold. */
export interface Scenario {
  /** Named in READMEs: `<!-- size:NAME -->`. */
  name: string
  program: string
  /** Limit in bytes: esbuild, minified, platform browser, es2022, brotli 11. */
  maxBrotli: number
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
  ...['RSTR', 'userrealm', 'koffi', 'indexedDB', 'node:'],
]

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
]
