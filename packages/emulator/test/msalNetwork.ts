import type { INetworkModule } from '@azure/msal-node'

/** MSAL Node takes https authorities only, so its requests are sent elsewhere underneath it. */
export function networkClient(fetch: (url: string, init: RequestInit) => Promise<Response>): INetworkModule {
  const send = async (method: string, url: string, options?: { headers?: Record<string, string>; body?: string }) => {
    const { headers = {}, body } = options ?? {}
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json() }
  }
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  }
}
