import { variable } from '@latchkey/core/internal'
import { endpointIn } from './endpointIn.js'
import type { Source } from './Source.js'

/** Azure Machine Learning's compute. */
export const machineLearning: Source = {
  name: 'machineLearning',
  apiVersion: '2017-09-01',
  idParameters: { ClientId: 'clientid', ResourceId: 'msi_res_id', ObjectId: 'object_id' },
  passing: /^(404|408|429|5\d\d)$/,
  request({ env }) {
    const secret = variable(env, 'MSI_SECRET') ?? ''
    return { url: endpointIn(env, 'MSI_ENDPOINT'), headers: { secret }, secret }
  },
  refusal: ({ text }) => ({ error: 'invalid_scope', errorDescription: text }),
}
