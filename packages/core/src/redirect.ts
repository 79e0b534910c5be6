/**
 * Signing in by sending the page to the sign-in page and back, for single-page apps.
 *
 * @packageDocumentation
 */
export { completeRedirect, type CompleteRedirectOptions, type RedirectResult } from './browser/completeRedirect.js'
export { redirect, type RedirectOptions } from './browser/redirect.js'
