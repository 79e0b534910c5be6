export { loopback } from './loopback.js'
export type { LoopbackOptions } from './LoopbackOptions.js'
