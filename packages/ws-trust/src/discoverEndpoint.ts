import type { HttpResponse } from '@latchkey/core'
import { cannotSignIn } from './cannotSignIn.js'
import type { Endpoint } from './endpoint.js'
import { readMetadata } from './readMetadata.js'
import { isLoopback, safeUrl } from './safeUrl.js'
import { unusableAnswer } from './unusableAnswer.js'
import { wsTrust13 } from './versions.js'
import { parse } from './xml/parse.js'

/**
 * Asks a provider to describe itself (WS-MetadataExchange), and chooses the endpoint for passwords.
 *
 * @param metadataUrl The description's address.
 * @param get Gets it.
 * @returns The first endpoint that speaks WS-Trust 1.3, else the first one.
 * @throws {AuthError} `invalid_response` when there is none or the description is damaged, `server_error`, or what `get` throws.
 */
export async function discoverEndpoint(
  metadataUrl: string,
  get: (url: string) => Promise<HttpResponse>,
): Promise<Endpoint> {
  const url = safeUrl(metadataUrl, true)
  if (!url) throw cannotSignIn('the federated domain', 'its realm names metadata without HTTPS')
  const { host } = url
  const { status, text } = await get(metadataUrl)
  if (status < 200 || status > 299) throw unusableAnswer(host, status, 'it gives no metadata')
  const document = parse(text)
  if (typeof document === 'string') throw cannotSignIn(host, `its metadata ${document}`)
  // Plain HTTP is for tests: nobody who can change metadata on the way may lower HTTPS to it.
  const endpoints = readMetadata(document.root).filter(({ address }) => safeUrl(address, isLoopback(url)))
  const endpoint = endpoints.find(({ version }) => version === wsTrust13) ?? endpoints[0]
  if (!endpoint) throw cannotSignIn(host, 'its metadata has no endpoint that takes a user name and password over HTTPS')
  return endpoint
}
