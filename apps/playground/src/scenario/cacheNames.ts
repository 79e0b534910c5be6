/** The token caches that can be chosen; the last three outlive a process, and are there on the server only. */
export const cacheNames = ['memory', 'serializable', 'file', 'encrypted file', 'folder'] as const

/** One of them. */
export type CacheName = (typeof cacheNames)[number]

/** One that outlives a process. */
export type KeptCacheName = Exclude<CacheName, 'memory' | 'serializable'>
