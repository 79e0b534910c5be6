import type { IncomingMessage } from 'node:http'

/** Why a request is not looked at, as it is answered. */
export class Refusal extends Error {
  /** The HTTP status. */
  readonly status: number
  /** The same words, as the page. */
  readonly body: string

  /**
   * Makes a refusal.
   *
   * @param status The HTTP status.
   * @param words What the answer says.
   */
  constructor(status: number, words: string) {
    super(words)
    this.status = status
    this.body = words
  }
}

/** Bytes of a form. */
const LIMIT = 65_536

/**
 * Reads the parameters of a request that a browser makes for a person who signs in.
 *
 * @param request The request.
 * @param port The port we are on.
 * @param path The only path there is.
 * @returns The parameters: of the form where it is a POST, else of the query.
 * @throws {Refusal} when it is any other request.
 */
export async function readRequest(
  request: IncomingMessage,
  port: number,
  path: string,
): Promise<Record<string, string>> {
  const { method, url = '', headers } = request
  // A page of another site can have its own name resolve to this machine.
  if (!isOurs(headers.host, port)) throw new Refusal(400, 'Wrong host')
  const [asked, query] = url.split(/\?(.*)/s)
  if (asked !== path) throw new Refusal(404, 'Not found')
  if (method !== 'GET' && method !== 'POST') throw new Refusal(405, 'Method not allowed')
  // The identity provider sends the browser's window here; scripts, images and frames do not sign people in.
  if ((headers['sec-fetch-dest'] ?? 'document') !== 'document') throw new Refusal(400, 'Not a page')
  if (headers['sec-purpose'] !== undefined) throw new Refusal(503, 'Not in advance')
  const parameters = [...new URLSearchParams(method === 'GET' ? query : await readForm(request))]
  const unique = Object.fromEntries(parameters)
  if (Object.keys(unique).length < parameters.length) throw new Refusal(400, 'Repeated parameter')
  return unique
}

function isOurs(host: string | undefined, port: number): boolean {
  const [, given = '80'] = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d+))?$/i.exec(host ?? '') ?? [undefined, '']
  return given === String(port)
}

async function readForm(request: IncomingMessage): Promise<string> {
  const { 'content-type': type = '', 'content-length': length } = request.headers
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(type)) throw new Refusal(415, 'Not a form')
  if (Number(length) > LIMIT) throw new Refusal(413, 'Too large')
  const chunks: Buffer[] = []
  let size = 0
  // Left open at the limit: destroying it would lose the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMIT) throw new Refusal(413, 'Too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
