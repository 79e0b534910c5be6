import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'

const client = createConfidentialClient({
  clientId: '11111111-1111-1111-1111-111111111111',
  authority: 'https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222',
  credential: clientSecret('secret'),
})

export const token = async () => {
  const { accessToken } = await acquireTokenForClient(client, { scopes: ['https://graph.microsoft.com/.default'] })
  return accessToken
}
