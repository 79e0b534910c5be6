export {
  consoleWindow,
  redirectUriFor,
  type BrokerOptions,
  type BrokerStatus,
  type MsalRuntimeLogLevel,
  type MsalRuntimeOptions,
  type NativeBroker,
  type RedirectUriOptions,
} from '@latchkey/msalruntime'
export { windowsBroker, type WindowsBrokerOptions } from './windowsBroker.js'
