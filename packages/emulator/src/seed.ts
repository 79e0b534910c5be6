import type { App, Tenant } from './directory.js'

/** The tenant of personal Microsoft accounts; the same GUID as in the real cloud. */
export const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** The client ID of the app that {@link seedApps} registers to try things with. */
export const defaultClientId = '6a1f0c5e-3b7d-4e2a-9c48-5d0e7f8a1b23'

/** Its made-up secret: public, and good for nothing but the emulator. */
export const defaultClientSecret = 'emulator-secret'

const contosoId = '2c9d8e7f-1a2b-4c3d-8e4f-5a6b7c8d9e0f'
const graphId = '00000003-0000-0000-c000-000000000000'
const demoApiId = 'b4e2a6d0-7c19-4f35-8a6e-1d9c0b3f5a72'

/**
 * Lists the tenants that an emulator starts with.
 *
 * @returns Two organisations and the tenant of personal accounts.
 */
export function seedTenants(): Tenant[] {
  return [
    { id: contosoId, domains: ['contoso.onmicrosoft.com', 'contoso.com'], name: 'Contoso' },
    { id: 'e7b5c1a9-4d80-4f6b-a2c3-9e8d7f60b514', domains: ['fabrikam.onmicrosoft.com'], name: 'Fabrikam' },
    { id: consumersTenantId, name: 'Microsoft accounts' },
  ]
}

/**
 * Lists the apps that an emulator starts with.
 *
 * @returns A confidential client in the first tenant, an API of that tenant, and Microsoft's best-known APIs.
 */
export function seedApps(): App[] {
  const microsoft = { tenantId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a', installedIn: '*' } as const
  return [
    {
      clientId: defaultClientId,
      tenantId: contosoId,
      name: 'Daemon',
      secrets: [{ value: defaultClientSecret }],
      roles: { [graphId]: ['User.Read.All'], [demoApiId]: ['Things.Read.All'] },
    },
    {
      clientId: demoApiId,
      tenantId: contosoId,
      name: 'Things API',
      identifierUris: [`api://${demoApiId}`, 'api://things'],
    },
    { ...microsoft, clientId: graphId, name: 'Microsoft Graph', identifierUris: ['https://graph.microsoft.com'] },
    {
      ...microsoft,
      clientId: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
      name: 'Azure Resource Manager',
      identifierUris: ['https://management.azure.com', 'https://management.core.windows.net'],
    },
    {
      ...microsoft,
      clientId: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
      name: 'Azure Key Vault',
      identifierUris: ['https://vault.azure.net'],
    },
  ]
}
