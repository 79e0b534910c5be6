export { idbCache } from './idbCache.js'
export type { IdbCacheOptions } from './IdbCacheOptions.js'
export { importMsalBrowser, type ImportMsalBrowserOptions } from './importMsalBrowser.js'
