/** A request that MSAL Python made, and what it was answered. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, unknown>> | null
  readonly response: { readonly status: number; readonly body: unknown }
  readonly client_assertion_decoded?: Assertion
}

/** The header and the claims of a client assertion. */
export interface Assertion {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
}

/** Something that we do in another way than MSAL Python, on purpose. */
export interface Difference {
  readonly what: string
  readonly why: string
  /** Whether a recorded request is not made. */
  readonly saves?: (request: RecordedRequest) => boolean
  /** Turns a recorded request into ours. */
  readonly changes?: (request: RecordedRequest) => RecordedRequest
}

const withHeader = (request: RecordedRequest, change: (header: Assertion['header']) => object): RecordedRequest => {
  const { client_assertion_decoded: assertion } = request
  if (!assertion) return request
  const header = { ...assertion.header, ...change(assertion.header) }
  return { ...request, client_assertion_decoded: { ...assertion, header } }
}

/** Every difference there is between the recording and what we do with the same file. */
export const differences: readonly Difference[] = [
  {
    what: 'No tenant discovery',
    why: 'The endpoints of a tenant by id in a known cloud are built in',
    saves: ({ method }) => method === 'GET',
  },
  {
    what: 'Our own SKU and version, and the platform that the test runs on',
    why: 'The server counts libraries by them',
    changes: (request) => {
      const own = { 'x-client-sku': 'Latchkey', 'x-client-ver': 'ours', 'x-client-os': process.platform }
      return { ...request, headers: { ...request.headers, ...own } }
    },
  },
  {
    what: 'The thumbprint has no padding',
    why: 'RFC 7515, section 4.1.8: base64url without "="',
    changes: (request) =>
      withHeader(request, (header) => ({ 'x5t#S256': String(header['x5t#S256']).replace(/=+$/, '') })),
  },
  {
    what: 'The certificate has no line breaks',
    why: 'RFC 7515, section 4.1.6: base64 of DER, not PEM',
    changes: (request) =>
      withHeader(request, ({ x5c }) => ({ x5c: (x5c as string[]).map((one) => one.replaceAll('\n', '')) })),
  },
]

/**
 * Applies the table to what was recorded.
 *
 * @returns The requests that are expected of us.
 */
export function expectedRequests(requests: readonly RecordedRequest[]): RecordedRequest[] {
  return requests
    .filter((request) => !differences.some(({ saves }) => saves?.(request)))
    .map((request) => differences.reduce((rest, { changes }) => changes?.(rest) ?? rest, request))
}
