import type { Directory } from './directory.js'
import { defaultClientId, defaultClientSecret, defaultPublicClientId, defaultUserId } from './seed.js'

/** What to give to a client so that it gets its first token. */
export interface EmulatorDefaults {
  /** The tenant that the app is registered in, a GUID. */
  readonly tenantId: string
  /** The tenant's default domain name; its ID when it has none. */
  readonly domain: string
  /** The app, a confidential client, by its GUID. */
  readonly clientId: string
  /** The app's first client secret; it works with the emulator alone. */
  readonly clientSecret: string
  /** The tenant's authority on the public cloud's host, for in-process use. */
  readonly authority: string
  /** `.default` of Microsoft Graph: every permission that the app was granted there. */
  readonly scope: string
  /** A public client that users sign in to, by its GUID. */
  readonly publicClientId: string
  /** A user of the tenant. */
  readonly username: string
  /** The user's password; it works with the emulator alone. */
  readonly password: string
  /** A delegated permission of Microsoft Graph that both apps may use without asking. */
  readonly userScope: string
}

/**
 * Reads the defaults out of a directory: its default app, the tenant that it is registered in, and a user of that tenant.
 *
 * @param directory The directory.
 * @returns The defaults.
 * @throws {TypeError} when the app is in no tenant of the directory.
 */
export function readDefaults(directory: Directory): EmulatorDefaults {
  const app = directory.apps.get(defaultClientId)
  const tenant = directory.findTenant(app?.tenantId ?? '')
  if (!app || !tenant) throw new TypeError('Cannot create an emulator: the default app is in no tenant')
  const first = directory.users.get(defaultUserId)
  const members = Array.from(directory.users.values()).filter(({ tenantId }) => tenantId === tenant.id)
  const user = (first?.tenantId === tenant.id ? first : members[0]) ?? first
  return {
    tenantId: tenant.id,
    domain: tenant.domains?.[0] ?? tenant.id,
    clientId: app.clientId,
    clientSecret: app.secrets?.[0]?.value ?? defaultClientSecret,
    authority: `https://login.microsoftonline.com/${tenant.id}`,
    scope: 'https://graph.microsoft.com/.default',
    publicClientId: defaultPublicClientId,
    username: user?.username ?? '',
    password: user?.password ?? '',
    userScope: 'User.Read',
  }
}
