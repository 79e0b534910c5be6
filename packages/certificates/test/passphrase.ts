/** Of every protected file; spelled so that encodings matter. */
export const PASSPHRASE = 'grüße, 𝄞 passphrase'
