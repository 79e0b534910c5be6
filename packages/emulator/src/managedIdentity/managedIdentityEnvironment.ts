import { appServiceSecret, machineLearningSecret, serviceFabricSecret } from './secrets.js'

/** A place where a program has a managed identity, or in Cloud Shell a user's token. */
export type ManagedIdentityPlace = 'imds' | 'appService' | 'arc' | 'serviceFabric' | 'machineLearning' | 'cloudShell'

/** Where an emulator is, for {@link managedIdentityEnvironment}. */
export interface ManagedIdentityEnvironmentOptions {
  /** Its address, such as `serve` gives; in process, any will do. @default the addresses that the places have on Azure */
  readonly url?: string | undefined
  /** The SHA-1 of its certificate, in hexadecimal, for Service Fabric: `createCertificate` tells it. */
  readonly thumbprint?: string | undefined
}

/**
 * Lists the environment variables that a program would find in a place, so that it asks the emulator for its tokens.
 *
 * @param place The place.
 * @param options Where the emulator is.
 * @returns The variables, by name.
 * @throws {TypeError} for an unknown place.
 */
export function managedIdentityEnvironment(
  place: ManagedIdentityPlace,
  options: ManagedIdentityEnvironmentOptions = {},
): Record<string, string> {
  const { url, thumbprint = '0'.repeat(40) } = options
  switch (place) {
    case 'imds':
      return url === undefined ? {} : { AZURE_POD_IDENTITY_AUTHORITY_HOST: url }
    case 'appService':
      return {
        IDENTITY_ENDPOINT: `${url ?? 'http://127.0.0.1:41741'}/msi/token`,
        IDENTITY_HEADER: appServiceSecret,
      }
    case 'arc':
      return {
        IDENTITY_ENDPOINT: `${url ?? 'http://localhost:40342'}/arc/metadata/identity/oauth2/token`,
        IMDS_ENDPOINT: url ?? 'http://localhost:40342',
      }
    case 'serviceFabric':
      return {
        IDENTITY_ENDPOINT: `${url ?? 'https://localhost:2377'}/fabric/metadata/identity/oauth2/token`,
        IDENTITY_HEADER: serviceFabricSecret,
        IDENTITY_SERVER_THUMBPRINT: thumbprint,
      }
    case 'machineLearning':
      return { MSI_ENDPOINT: `${url ?? 'http://127.0.0.1:46808'}/msi/auth`, MSI_SECRET: machineLearningSecret }
    case 'cloudShell':
      return {
        AZUREPS_HOST_ENVIRONMENT: 'cloud-shell/1.0',
        MSI_ENDPOINT: `${url ?? 'http://localhost:50342'}/oauth2/token`,
      }
    default:
      throw new TypeError('Cannot list the variables: there is no such place')
  }
}
