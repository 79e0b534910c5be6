export { redisCache } from './redisCache.js'
export type { RedisCacheOptions } from './RedisCacheOptions.js'
export type { RedisClient, RedisSubscriber } from './RedisClient.js'
