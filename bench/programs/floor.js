export const token = async () => {
  const response = await fetch(
    'https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/oauth2/v2.0/token',
    {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: '11111111-1111-1111-1111-111111111111',
        client_secret: 'secret',
        scope: 'https://graph.microsoft.com/.default',
      }),
    },
  )
  const result = await response.json()
  return result.access_token
}
