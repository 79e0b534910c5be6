/**
 * For Latchkey's own packages, not for users: it changes without notice.
 *
 * @packageDocumentation
 */
export { expect, isText } from './arguments/expect.js'
export { applyUpdates, type Applied, type Content, type Next } from './cache/applyUpdates.js'
export { batches } from './cache/batches.js'
export { abortable, cancelled } from './http/abortable.js'
export { send, type HttpRequest, type HttpResponse } from './http/send.js'
export { isObject, parseObject } from './json/parseObject.js'
export { jwtClaims } from './oauth/jwtClaims.js'
