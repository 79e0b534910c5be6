import { expect, isText } from '@latchkey/core/internal'

/** What {@link redirectUriFor} takes. */
export interface RedirectUriOptions {
  /** The app's client id. */
  readonly clientId: string
  /** The bundle id of a signed app on macOS; unsigned programs, Node itself among them, have none. */
  readonly bundleId?: string | undefined
}

/**
 * Computes the redirect URI that an app has to be registered with, for a broker to take it: under "Mobile and desktop applications".
 *
 * @param platform The broker's operating system; WSL uses that of Windows.
 * @param options The app.
 * @returns The URI.
 * @throws {TypeError} when an argument is wrong.
 * @see {@link https://learn.microsoft.com/entra/msal/python/advanced/wam Using MSAL with a broker}
 */
export function redirectUriFor(
  platform: 'windows' | 'mac' | 'linux',
  { clientId, bundleId }: RedirectUriOptions,
): string {
  expect(isText(clientId), 'clientId', 'a non-empty string')
  expect(bundleId === undefined || isText(bundleId), 'bundleId', 'a non-empty string')
  const uri = {
    windows: `ms-appx-web://Microsoft.AAD.BrokerPlugin/${clientId}`,
    mac: `msauth.${bundleId ?? 'com.msauth.unsignedapp'}://auth`,
    linux: 'https://login.microsoftonline.com/common/oauth2/nativeclient',
  }[platform]
  expect(uri, 'the platform', 'windows, mac or linux')
  return uri
}
