export const clientId = '11111111-1111-1111-1111-111111111111'
export const authority = 'https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222'

/**
 * Answers a token request in the place of a network.
 *
 * @param {unknown} _url
 * @param {RequestInit} [request]
 */
export async function answer(_url, request) {
  const scope = new URLSearchParams(String(request?.body)).get('scope')
  return Response.json({ token_type: 'Bearer', expires_in: 86_399, access_token: `${scope} `.padEnd(1536, 'x') })
}
