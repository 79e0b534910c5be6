export type { BrokerOptions } from './broker/BrokerOptions.js'
export type { BrokerPlatform } from './broker/BrokerPlatform.js'
export type { BrokerStatus } from './broker/BrokerStatus.js'
export { createBroker } from './broker/createBroker.js'
export type { NativeBroker } from './broker/NativeBroker.js'
export { redirectUriFor, type RedirectUriOptions } from './broker/redirectUriFor.js'
export { consoleWindow } from './consoleWindow.js'
export { createMsalRuntime, type MsalRuntimeLogLevel, type MsalRuntimeOptions } from './createMsalRuntime.js'
export type {
  MsalRuntime,
  MsalRuntimeAccount,
  MsalRuntimeCall,
  MsalRuntimeParameters,
  MsalRuntimePop,
  MsalRuntimeToken,
  WindowHandle,
} from './MsalRuntime.js'
export { MsalRuntimeError, type MsalRuntimeFailure, type MsalRuntimeStatus } from './MsalRuntimeError.js'
export type { MsalRuntimeProblem } from './MsalRuntimeProblem.js'
