import { ClientSecretPost, clientCredentialsGrantRequest, processClientCredentialsResponse } from 'oauth4webapi'

const authority = 'https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222'
const server = { issuer: `${authority}/v2.0`, token_endpoint: `${authority}/oauth2/v2.0/token` }
const client = { client_id: '11111111-1111-1111-1111-111111111111' }
const authentication = ClientSecretPost('secret')

export const token = async () => {
  const scope = 'https://graph.microsoft.com/.default'
  const response = await clientCredentialsGrantRequest(server, client, authentication, { scope })
  const result = await processClientCredentialsResponse(server, client, response)
  return result.access_token
}
