import { acquireTokenForManagedIdentity, createManagedIdentityClient, systemAssigned } from '@latchkey/managed-identity'

const client = createManagedIdentityClient({ identity: systemAssigned() })

export const token = async () => {
  const { accessToken } = await acquireTokenForManagedIdentity(client, { resource: 'https://vault.azure.net' })
  return accessToken
}
