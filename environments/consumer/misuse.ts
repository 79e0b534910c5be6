// What must not compile: an unused @ts-expect-error is an error itself.
import {
  acquireTokenForClient,
  AuthError,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
} from '@latchkey/core'

const publicClient = createPublicClient({ clientId: 'id' })
const confidentialClient = createConfidentialClient({ clientId: 'id', credential: clientSecret('secret') })
const scopes = ['api://orders/.default']

// @ts-expect-error A public client gets no app tokens.
void acquireTokenForClient(publicClient, { scopes })
// @ts-expect-error Scopes are an array.
void acquireTokenForClient(confidentialClient, { scopes: 'api://orders/.default' })
// @ts-expect-error Scopes are needed.
void acquireTokenForClient(confidentialClient, {})
// @ts-expect-error A public client keeps no secret.
createPublicClient({ clientId: 'id', credential: clientSecret('secret') })
// @ts-expect-error A confidential client proves who it is.
createConfidentialClient({ clientId: 'id' })
// @ts-expect-error A secret alone is not a credential.
createConfidentialClient({ clientId: 'id', credential: 'secret' })
// @ts-expect-error A client is frozen.
confidentialClient.clientId = 'another'
// @ts-expect-error Codes are a closed set.
void (new AuthError('no_token', 'Cannot find a token') satisfies { code: 'made_up' })
