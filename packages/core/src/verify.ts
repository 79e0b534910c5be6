/**
 * Checks that cost more than most apps need: they bring jose along.
 *
 * @packageDocumentation
 */
export { verifyIdTokenSignature } from './acquire/verifyIdTokenSignature.js'
