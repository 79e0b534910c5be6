import { ManagedIdentityApplication } from '@azure/msal-node'

const app = new ManagedIdentityApplication()

export const token = async () => {
  const { accessToken } = await app.acquireToken({ resource: 'https://vault.azure.net' })
  return accessToken
}
