import { clientId, entriesOf, type CreateSubject } from './subject.ts'

interface Token {
  readonly secret: string
  readonly type: string
  /** Milliseconds since the epoch. */
  readonly expiresOn: number
  readonly scopes: readonly string[]
}

/** What any cache costs: an async function that normalises a scope array, looks a nested Map up and makes a result. */
export const floor: CreateSubject = (shape, count) => {
  const tokens = new Map<string, Map<string, Token>>()

  async function acquire(tenant: string, scopes: readonly string[]): Promise<{ accessToken: string }> {
    const key = scopes
      .map((scope) => scope.toLowerCase())
      .sort()
      .join(' ')
    const token = tokens.get(tenant)?.get(key)
    return token && token.expiresOn - Date.now() > 300_000 ? result(token) : result(await request(tenant, scopes, key))
  }

  async function request(tenant: string, scopes: readonly string[], key: string): Promise<Token> {
    const scope = scopes.join(' ')
    const response = await fetch(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: 'secret',
        scope,
      }),
    })
    const { access_token, token_type, expires_in } = (await response.json()) as Record<string, string>
    const token: Token = {
      secret: access_token!,
      type: token_type!,
      expiresOn: Date.now() + Number(expires_in) * 1000,
      scopes,
    }
    const ofTenant = tokens.get(tenant) ?? new Map<string, Token>()
    tokens.set(tenant, ofTenant.set(key, token))
    return token
  }

  const entries = entriesOf(shape, count)
  const scopes = entries.map(({ scope }) => [scope])
  return {
    acquire: (index: number) => acquire(entries[index]!.tenant, scopes[index]!),
    removeAll: async () => tokens.clear(),
    async fill(count: number) {
      for (const { tenant, scope } of entriesOf(shape, count)) await acquire(tenant, [scope])
    },
  }
}

const result = ({ secret, type, expiresOn, scopes }: Token) => ({
  accessToken: secret,
  tokenType: type,
  expiresOn: new Date(expiresOn),
  scopes,
})
