export { indexedDbKeys, type IndexedDbKeysOptions } from './keys/indexedDbKeys.js'
export type { KeyStore, StoredKey } from './keys/KeyStore.js'
export type { ProofAlgorithm } from './keys/ProofAlgorithm.js'
export type { ProofKeyOptions } from './keys/proofKeys.js'
export { dpop, type DpopOptions, type DpopScheme } from './schemes/dpop.js'
export type { ProofFetch, ProofRequestInit } from './schemes/proofFetch.js'
export {
  signedHttpRequest,
  type SignedHttpRequestOptions,
  type SignedHttpRequestScheme,
} from './schemes/signedHttpRequest.js'
export { sshCertificate, type SshCertificateOptions } from './schemes/sshCertificate.js'
export { memoryReplays, type ReplayStore } from './verify/memoryReplays.js'
export { proofChallenge } from './verify/proofChallenge.js'
export type { ProofCheckOptions, ReceivedRequest, VerifiedRequest } from './verify/ProofCheckOptions.js'
export { proofNonces, type ProofNonces, type ProofNoncesOptions } from './verify/proofNonces.js'
export { verifyDpopProof } from './verify/verifyDpopProof.js'
export { verifySignedHttpRequest, type VerifySignedHttpRequestOptions } from './verify/verifySignedHttpRequest.js'
