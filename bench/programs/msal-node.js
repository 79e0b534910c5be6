import { ConfidentialClientApplication } from '@azure/msal-node'

const app = new ConfidentialClientApplication({
  auth: {
    clientId: '11111111-1111-1111-1111-111111111111',
    authority: 'https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222',
    clientSecret: 'secret',
  },
})

export const token = async () => {
  const result = await app.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })
  return result?.accessToken
}
