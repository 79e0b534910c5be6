import {
  acquireTokenForClient,
  type AuthenticationResult,
  clientSecret,
  createConfidentialClient,
} from '@latchkey/core'

const client = createConfidentialClient({ clientId: 'id', credential: clientSecret('secret') })

/** The type of what comes back is what the documentation says. */
export const tokenOf = async (): Promise<{ token: string; expiresOn: Date }> => {
  const result: AuthenticationResult = await acquireTokenForClient(client, { scopes: ['api://orders/.default'] })
  return { token: result.accessToken, expiresOn: result.expiresOn }
}
