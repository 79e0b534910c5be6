/** One cloud: hosts that are names of the same service. */
export interface Cloud {
  readonly preferred_network: string
  readonly preferred_cache: string
  readonly aliases: readonly string[]
}

/** The clouds as instance discovery lists them. */
export const clouds: readonly Cloud[] = [
  {
    preferred_network: 'login.microsoftonline.com',
    preferred_cache: 'login.windows.net',
    aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  },
  {
    preferred_network: 'login.partner.microsoftonline.cn',
    preferred_cache: 'login.partner.microsoftonline.cn',
    aliases: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
  },
  {
    preferred_network: 'login.microsoftonline.de',
    preferred_cache: 'login.microsoftonline.de',
    aliases: ['login.microsoftonline.de'],
  },
  {
    preferred_network: 'login.microsoftonline.us',
    preferred_cache: 'login.microsoftonline.us',
    aliases: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
  },
  {
    preferred_network: 'login-us.microsoftonline.com',
    preferred_cache: 'login-us.microsoftonline.com',
    aliases: ['login-us.microsoftonline.com'],
  },
]

/**
 * Finds the cloud of a host, regional hosts (`westus2.login.microsoft.com`) included.
 *
 * @param host A host, port included.
 * @returns The cloud, or undefined for a host that is not Microsoft's.
 */
export function findCloud(host: string): Cloud | undefined {
  const central = host.replace(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.(?=login[.-])/, '')
  return clouds.find((cloud) => cloud.aliases.includes(host) || cloud.aliases.includes(central))
}

/**
 * Names the origin that issuers of a host start with: one per cloud, else the host itself.
 *
 * @param url Any URL of the service.
 * @returns An origin.
 */
export function issuerOrigin(url: URL): string {
  const cloud = findCloud(url.host)
  return cloud ? `https://${cloud.preferred_network}` : url.origin
}
