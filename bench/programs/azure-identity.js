import { ClientSecretCredential } from '@azure/identity'

const credential = new ClientSecretCredential(
  '22222222-2222-2222-2222-222222222222',
  '11111111-1111-1111-1111-111111111111',
  'secret',
  // It does not use the global fetch: AZURE_AUTHORITY_HOST leads it to the local server, which instance discovery
  // would not know.
  { disableInstanceDiscovery: true },
)

export const token = async () => {
  const result = await credential.getToken('https://graph.microsoft.com/.default')
  return result.token
}
