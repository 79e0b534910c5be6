import type { ApiScope, App } from './App.js'
import type { ManagedIdentity } from './ManagedIdentity.js'
import type { Tenant } from './Tenant.js'
import type { User } from './User.js'

/** The tenant of personal Microsoft accounts; the same GUID as in the real cloud. */
export const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** Microsoft Graph. */
export const graphId = '00000003-0000-0000-c000-000000000000'

/** The client ID of the app that {@link seedApps} registers to try things with. */
export const defaultClientId = '6a1f0c5e-3b7d-4e2a-9c48-5d0e7f8a1b23'

/** Its made-up secret: public, and good for nothing but the emulator. */
export const defaultClientSecret = 'emulator-secret'

/** The client ID of the app that users sign in to without a secret. */
export const defaultPublicClientId = '1d8c4b7f-52e9-4a60-8b3d-7c0f9e6a2d15'

/** The user that is tried first. */
export const defaultUserId = 'a0a1b2c3-0000-4000-8000-000000000001'

const contosoId = '2c9d8e7f-1a2b-4c3d-8e4f-5a6b7c8d9e0f'
const fabrikamId = 'e7b5c1a9-4d80-4f6b-a2c3-9e8d7f60b514'
const b2cId = '7d0e5c2b-9a41-4b8f-bc63-1f2e3d4c5b6a'
const ciamId = 'c4b3a291-6f5e-4d7c-8b0a-9e1d2c3f4a5b'
const demoApiId = 'b4e2a6d0-7c19-4f35-8a6e-1d9c0b3f5a72'

/**
 * Lists the tenants that an emulator starts with.
 *
 * @returns Two organisations, the tenant of personal accounts, one of B2C and one of External ID.
 */
export function seedTenants(): Tenant[] {
  return [
    {
      id: contosoId,
      domains: ['contoso.onmicrosoft.com', 'contoso.com', 'federated.contoso.com'],
      name: 'Contoso',
      federatedDomains: [{ domain: 'federated.contoso.com' }],
    },
    { id: fabrikamId, domains: ['fabrikam.onmicrosoft.com', 'fabrikam.com'], name: 'Fabrikam' },
    { id: consumersTenantId, name: 'Microsoft accounts' },
    {
      id: b2cId,
      domains: ['contosob2c.onmicrosoft.com'],
      name: 'Contoso customers',
      kind: 'b2c',
      policies: ['B2C_1_signin', 'B2C_1_edit_profile'],
    },
    { id: ciamId, domains: ['contosociam.onmicrosoft.com'], name: 'Contoso External ID', kind: 'ciam' },
  ]
}

/**
 * Lists the users that an emulator starts with; their passwords are public, and good for nothing but the emulator.
 *
 * @returns Members of every tenant: with and without MFA, federated, a guest, a personal account, local accounts.
 */
export function seedUsers(): User[] {
  const user = (number: number, username: string, name: string, more: Partial<User> = {}): User => ({
    id: `a0a1b2c3-0000-4000-8000-${String(number).padStart(12, '0')}`,
    tenantId: contosoId,
    username,
    name,
    password: `${username.split('@')[0]}-password`,
    ...more,
  })
  return [
    user(1, 'ada@contoso.com', 'Ada Lovelace'),
    user(2, 'bob@contoso.com', 'Bob Shaw'),
    user(3, 'mia@contoso.com', 'Mia Factor', { mfa: true }),
    user(4, 'admin@contoso.com', 'Alan Admin', { isAdmin: true }),
    user(5, 'fay@federated.contoso.com', 'Fay Derated'),
    user(6, 'disabled@contoso.com', 'Dora Disabled', { isDisabled: true }),
    user(7, 'expired@contoso.com', 'Ed Expired', { mustChangePassword: true }),
    user(8, 'gus@fabrikam.com', 'Gus Guest', {
      tenantId: fabrikamId,
      guestIn: [{ tenantId: contosoId, id: 'a0a1b2c3-0000-4000-8000-000000000108' }],
    }),
    user(9, 'pat@outlook.com', 'Pat Personal', {
      id: '00000000-0000-0000-8a7b-6c5d4e3f2a1b',
      tenantId: consumersTenantId,
    }),
    user(10, 'cleo@example.com', 'Cleo Customer', { tenantId: b2cId }),
    user(11, 'cody@example.com', 'Cody Customer', { tenantId: ciamId }),
  ]
}

/**
 * Lists the apps that an emulator starts with.
 *
 * @returns A confidential and a public client, an API, two apps of a family, and Microsoft's best-known APIs.
 */
export function seedApps(): App[] {
  const microsoft = { tenantId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a', installedIn: '*', isFirstParty: true } as const
  const permissions = {
    [graphId]: ['User.Read'],
    [demoApiId]: ['Things.Read'],
    [defaultClientId]: ['access_as_user'],
  }
  const impersonation: ApiScope[] = [{ value: 'user_impersonation', description: 'Access it as you' }]
  const nativeClient = 'https://login.microsoftonline.com/common/oauth2/nativeclient'
  const family = {
    ...microsoft,
    isPublic: true,
    family: '1',
    redirectUris: { publicClient: ['http://localhost'] },
  } as const
  return [
    {
      clientId: defaultClientId,
      tenantId: contosoId,
      name: 'Daemon and web app',
      secrets: [{ value: defaultClientSecret }],
      roles: { [graphId]: ['User.Read.All'], [demoApiId]: ['Things.Read.All'] },
      redirectUris: {
        web: [
          'http://localhost',
          'http://localhost/callback',
          'http://localhost/auth/callback',
          'http://localhost/redirect',
          'http://localhost/getAToken',
          'https://app.contoso.com/callback',
        ],
      },
      identifierUris: [`api://${defaultClientId}`],
      scopes: [{ value: 'access_as_user', description: 'Access the web app as you' }],
      permissions,
      isAdminConsented: true,
    },
    {
      clientId: defaultPublicClientId,
      tenantId: contosoId,
      installedIn: '*',
      name: 'Desktop and single-page app',
      isPublic: true,
      redirectUris: {
        publicClient: ['http://localhost', 'http://127.0.0.1', nativeClient, `msal${defaultPublicClientId}://auth`],
        spa: ['http://localhost/spa', 'http://localhost/redirect.html', 'http://127.0.0.1/redirect.html'],
      },
      permissions,
      isAdminConsented: true,
    },
    {
      clientId: demoApiId,
      tenantId: contosoId,
      name: 'Things API',
      identifierUris: [`api://${demoApiId}`, 'api://things'],
      scopes: [
        { value: 'Things.Read', description: 'Read your things' },
        { value: 'Things.Write', description: 'Change your things' },
      ],
    },
    { ...family, clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', name: 'Family app: command line' },
    { ...family, clientId: 'aebc6443-996d-45c2-90f0-388ff96faa56', name: 'Family app: editor' },
    {
      ...microsoft,
      clientId: graphId,
      name: 'Microsoft Graph',
      identifierUris: ['https://graph.microsoft.com'],
      scopes: [
        { value: 'User.Read', description: 'Sign you in and read your profile' },
        { value: 'Mail.Read', description: 'Read your mail' },
        { value: 'Mail.Send', description: 'Send mail as you' },
        { value: 'Calendars.Read', description: 'Read your calendars' },
        { value: 'Files.Read', description: 'Read your files' },
        { value: 'User.ReadBasic.All', description: 'Read all users’ basic profiles' },
        { value: 'User.Read.All', description: 'Read all users’ full profiles', needsAdmin: true },
        { value: 'Directory.Read.All', description: 'Read directory data', needsAdmin: true },
      ],
    },
    {
      ...microsoft,
      clientId: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
      name: 'Azure Resource Manager',
      identifierUris: ['https://management.azure.com', 'https://management.core.windows.net'],
      scopes: impersonation,
    },
    {
      ...microsoft,
      clientId: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
      name: 'Azure Key Vault',
      identifierUris: ['https://vault.azure.net'],
      scopes: impersonation,
    },
    {
      ...microsoft,
      clientId: 'fb60f99c-7a34-4190-8149-302f77469936',
      name: 'Azure AD token exchange',
      identifierUris: ['api://AzureADTokenExchange'],
    },
  ]
}

/**
 * Lists the managed identities that an emulator starts with.
 *
 * @returns The machine's own, and two that were given to it.
 */
export function seedManagedIdentities(): ManagedIdentity[] {
  const group = '/subscriptions/5d1b6c7e-0a2f-4e3d-9b8c-7f6e5d4c3b2a/resourceGroups/emulator/providers'
  const identity = (number: number, name: string, resourceId: string): ManagedIdentity => ({
    clientId: `d1e2f3a4-0000-4000-8000-${String(number).padStart(12, '0')}`,
    objectId: `e2f3a4b5-0000-4000-8000-${String(number).padStart(12, '0')}`,
    resourceId: `${group}/${resourceId}`,
    tenantId: contosoId,
    name,
  })
  const own = 'Microsoft.ManagedIdentity/userAssignedIdentities'
  return [
    { ...identity(1, 'machine', 'Microsoft.Compute/virtualMachines/machine'), isSystemAssigned: true },
    identity(2, 'reader', `${own}/reader`),
    identity(3, 'writer', `${own}/writer`),
  ]
}
