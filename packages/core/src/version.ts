/** This package's version, as in its manifest. */
export const version = '0.0.0'
