/**
 * For Latchkey's own packages, not for users: it changes without notice.
 *
 * @packageDocumentation
 */
export { acquireUserToken, type UserTokenRequest } from './acquire/acquireUserToken.js'
export { expect, isText } from './arguments/expect.js'
export { endpointNamed } from './authority/endpointNamed.js'
export { endpointsOf } from './authority/endpointsOf.js'
export type { Endpoints } from './authority/endpoints.js'
export { applyUpdates, type Applied, type Content, type Next } from './cache/applyUpdates.js'
export { batches } from './cache/batches.js'
export { findAccessToken, type Lookup } from './cache/findAccessToken.js'
export { tokenGroup, type TokenOwner } from './cache/tokenGroup.js'
export { stateOf, type ClientState } from './client/clientState.js'
export { abortable, cancelled } from './http/abortable.js'
export { send, type HttpRequest, type HttpResponse } from './http/send.js'
export { senderHeaders } from './http/senderHeaders.js'
export { isObject, parseObject } from './json/parseObject.js'
export { readFields, type Fields } from './json/readFields.js'
export { claimsParameter } from './oauth/claimsParameter.js'
export { jwtClaims } from './oauth/jwtClaims.js'
