import { variable } from '@latchkey/core/internal'
import { endpointIn } from './endpointIn.js'
import type { Source } from './Source.js'
import { textOf } from './textOf.js'

/** App Service, Functions, Container Apps, Logic Apps, Automation. */
export const appService: Source = {
  name: 'appService',
  apiVersion: '2019-08-01',
  idParameters: { ClientId: 'client_id', ResourceId: 'mi_res_id', ObjectId: 'object_id' },
  passing: /^(404|408|429|5\d\d)$/,
  request({ env }) {
    const secret = variable(env, 'IDENTITY_HEADER') ?? ''
    return {
      url: endpointIn(env, 'IDENTITY_ENDPOINT'),
      headers: { 'X-IDENTITY-HEADER': secret, Metadata: 'true' }, // the latter is for Automation
      secret,
    }
  },
  refusal: ({ json }) => ({
    error: 'invalid_scope',
    errorDescription: `${textOf(json, 'statusCode')}, ${textOf(json, 'message')}`,
  }),
}
