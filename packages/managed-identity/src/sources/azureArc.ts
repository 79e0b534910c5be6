import { AuthError } from '@latchkey/core'
import { isLoopback, variable } from '@latchkey/core/internal'
import { readArcKey } from './readArcKey.js'
import { endpointIn } from './endpointIn.js'
import type { Source } from './Source.js'

/** Machines elsewhere with Azure Arc's agent: who can read the agent's key file may have a token. */
export const azureArc: Source = {
  name: 'azureArc',
  apiVersion: '2020-06-01',
  passing: /^(404|408|429|5\d\d)$/,
  request({ env }) {
    const hasVariables = ['IDENTITY_ENDPOINT', 'IMDS_ENDPOINT'].every((name) => variable(env, name) !== undefined)
    const url = hasVariables
      ? endpointIn(env, 'IDENTITY_ENDPOINT')
      : 'http://localhost:40342/metadata/identity/oauth2/token'
    // What was read from the file goes to the agent, which is on this machine.
    if (!isLoopback(new URL(url).hostname))
      throw new AuthError('managed_identity_error', 'Cannot use Azure Arc: IDENTITY_ENDPOINT is not on this machine')
    return { url, headers: { Metadata: 'true' } }
  },
  refusal: ({ text }) => ({ error: 'invalid_request', errorDescription: text }),
  async send(client, request, send) {
    const first = await send(request)
    if (first.status === 429 || first.status > 499) return first
    const secret = await readArcKey(client, first.headers)
    const authorized = { ...request, headers: { ...request.headers, Authorization: `Basic ${secret}` }, secret }
    return send(authorized)
  },
}
