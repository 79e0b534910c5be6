/**
 * Signing in with a popup window, for single-page apps.
 *
 * @packageDocumentation
 */
export { popup, type PopupOptions } from './browser/popup.js'
export { relayResponse } from './browser/relayResponse.js'
