import type { FederationRequest, HttpRequest, HttpResponse } from '@latchkey/core'
import { wsTrust } from '@latchkey/ws-trust'

export const HOST = 'sts.contoso.example'
export const METADATA_URL = `https://${HOST}/adfs/services/trust/mex`
export const ACTIVE_AUTH_URL = `https://${HOST}/adfs/services/trust/2005/usernamemixed`
export const PASSWORD = 'correct-horse-battery-staple'

/** What a provider answers: a text, or a text with a status. */
export type Answer = string | { readonly text: string; readonly status: number }

export const request = (answers: { metadata?: Answer; token?: Answer }, more: Partial<FederationRequest> = {}) => {
  const requests: HttpRequest[] = []
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request)
    const answer = (request.method === 'GET' ? answers.metadata : answers.token) ?? ''
    const { text, status } = typeof answer === 'string' ? { text: answer, status: 200 } : answer
    return { status, text, headers: new Headers() }
  }
  const now = (): number => Date.UTC(2026, 10, 25, 10)
  return {
    requests,
    /** Resolves to the assertion as it was signed; rejects as the federation does. */
    async acquire() {
      const { grantType, assertion } = await wsTrust().acquireAssertion({
        ...{
          username: 'user@contoso.example',
          password: PASSWORD,
          audience: 'urn:federation:MicrosoftOnline',
          now,
          send,
        },
        ...(answers.metadata === undefined ? { activeAuthUrl: ACTIVE_AUTH_URL } : { metadataUrl: METADATA_URL }),
        ...more,
      })
      const bytes = Uint8Array.from(atob(assertion.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
        one.charCodeAt(0),
      )
      return { grantType, encoded: assertion, assertion: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) }
    },
  }
}
