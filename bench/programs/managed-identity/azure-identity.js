import { ManagedIdentityCredential } from '@azure/identity'

const credential = new ManagedIdentityCredential()

export const token = async () => {
  const { token } = await credential.getToken('https://vault.azure.net/.default')
  return token
}
