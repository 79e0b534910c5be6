export type { Person, SignInResult } from './actAs.js'
export type { ApiScope, App, AppSecret, FederatedIdentity, RedirectKind, RedirectUris } from './App.js'
export type { Consent, Consents } from './consents.js'
export { createCertificate, type TestCertificate } from './createCertificate.js'
export { createEmulator, type Emulator, type EmulatorOptions } from './createEmulator.js'
export type { ActiveFault, Faults } from './createFaults.js'
export type { EmulatorDefaults } from './defaults.js'
export type { Directory } from './directory.js'
export type {
  ClockSkewFault,
  DeepJsonFault,
  EmptyFault,
  Fault,
  FaultKind,
  FaultScope,
  HtmlFault,
  HugeFault,
  RedirectFault,
  ResetFault,
  SlowFault,
  StallFault,
  StatusFault,
  TruncatedFault,
  WrongContentTypeFault,
  WrongJsonFault,
} from './Fault.js'
export { generateSigningKey } from './generateSigningKey.js'
export type { ManagedIdentity } from './ManagedIdentity.js'
export {
  managedIdentityEnvironment,
  type ManagedIdentityEnvironmentOptions,
  type ManagedIdentityPlace,
} from './managedIdentity/managedIdentityEnvironment.js'
export type { People, RefreshTokenOptions } from './people.js'
export type { RecordedRequest } from './requestLog.js'
export { serve, type ServedEmulator, type ServeOptions } from './serve.js'
export type { FederatedDomain, Tenant } from './Tenant.js'
export type { GuestMembership, User } from './User.js'
