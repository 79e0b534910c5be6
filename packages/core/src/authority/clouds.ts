/** The public cloud's host. */
export const AZURE_PUBLIC = 'login.microsoftonline.com'
/** The host of the cloud run by 21Vianet in China. */
export const AZURE_CHINA = 'login.chinacloudapi.cn'
/** The host of the US Government cloud. */
export const AZURE_US_GOVERNMENT = 'login.microsoftonline.us'

/** Hosts of Azure AD B2C. */
export const b2cHost: RegExp = /\.b2clogin\.(com|cn|us|de)$/

/** Hosts of External ID (CIAM). */
export const ciamHost: RegExp = /\.ciamlogin\.com$/

/** Microsoft's clouds: the hosts of one row are names of the same service, and requests go to the first. */
const clouds: readonly (readonly string[])[] = [
  [AZURE_PUBLIC, 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  [AZURE_CHINA, 'login.partner.microsoftonline.cn'],
  [AZURE_US_GOVERNMENT, 'login.usgovcloudapi.net'],
  ['login-us.microsoftonline.com'],
  ['login.microsoftonline.de'],
  ['login.sovcloud-identity.fr'],
  ['login.sovcloud-identity.de'],
  ['login.sovcloud-identity.sg'],
]

/**
 * Gives all names of a host's cloud.
 *
 * @param host A host, in lower case.
 * @returns The names, the one that takes requests first; `undefined` where the host is not one of Microsoft's.
 */
export function cloudOf(host: string): readonly string[] | undefined {
  return clouds.find((hosts) => hosts.includes(host))
}

/**
 * Gives the one name under which hosts of the same cloud compare equal.
 *
 * @param host A host, in any case.
 * @returns The cloud's first name, or the host itself.
 */
export function canonicalHost(host: string): string {
  const lower = host.toLowerCase()
  return cloudOf(lower)?.[0] ?? lower
}
