export { certificateFromPem } from './certificateFromPem.js'
export { certificateFromPfx } from './certificateFromPfx.js'
export type { CertificateFileOptions } from './CertificateFileOptions.js'
