/**
 * For the tests of whoever implements a port of Latchkey: under Vitest, `node:test` or any other runner.
 *
 * @packageDocumentation
 */
export { brokerContract, type BrokerRefusal, type BrokerUnderTest } from './testing/brokerContract.js'
export {
  cacheStoreContract,
  type CacheStoreContractOptions,
  type ContractCase,
  type StoreUnderTest,
} from './testing/cacheStoreContract.js'
