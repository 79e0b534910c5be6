export {
  acquireTokenForManagedIdentity,
  type AcquireTokenForManagedIdentityOptions,
} from './acquireTokenForManagedIdentity.js'
export { acquireTokenInCloudShell, type AcquireTokenInCloudShellOptions } from './acquireTokenInCloudShell.js'
export { cloudShell } from './cloudShell.js'
export { createManagedIdentityClient } from './createManagedIdentityClient.js'
export {
  detectManagedIdentity,
  type DetectManagedIdentityOptions,
  type ManagedIdentityDetection,
} from './detectManagedIdentity.js'
export type { FederatedCredential } from './FederatedCredential.js'
export { githubActionsCredential, type GithubActionsCredentialOptions } from './githubActionsCredential.js'
export type { FileLimits, ManagedIdentityHost, PinnedRequest } from './host/ManagedIdentityHost.js'
export { nodeHost } from './host/nodeHost.js'
export { isCloudShell } from './isCloudShell.js'
export type { ManagedIdentity } from './ManagedIdentity.js'
export type { ManagedIdentityClient, ManagedIdentityClientOptions } from './ManagedIdentityClient.js'
export { managedIdentityCredential, type ManagedIdentityCredentialOptions } from './managedIdentityCredential.js'
export { managedIdentityTokenCredential } from './managedIdentityTokenCredential.js'
export type { ManagedIdentitySource } from './sources/Source.js'
export { systemAssigned } from './systemAssigned.js'
export { userAssigned, type UserAssignedId } from './userAssigned.js'
export {
  workloadIdentityCredential,
  type WorkloadIdentityCredential,
  type WorkloadIdentityCredentialOptions,
} from './workloadIdentityCredential.js'
