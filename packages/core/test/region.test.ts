import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { acquireTokenForClient, clientAssertion, type ConfidentialClientOptions } from '@latchkey/core'
import { createClient, createService, rejection, scopes, settle, tenantId } from './fixtures/tokenService.js'

const probe = 'GET http://169.254.169.254/metadata/instance/compute/location?format=text&api-version=2021-01-01'
const post = (host: string): string => `POST https://${host}/${tenantId}/oauth2/v2.0/token`
const central = post('login.microsoftonline.com')

/** A service whose metadata endpoint answers like this. */
const withMetadata = (location: () => Response | Promise<Response>) =>
  createService(({ url }) => (url.startsWith('http://169.254') ? location() : undefined))
async function ask(service: ReturnType<typeof createService>, options: Partial<ConfidentialClientOptions>) {
  await acquireTokenForClient(createClient(service, options), { scopes })
  return service.urls()
}

describe('a region that is named is used without asking', () => {
  test.each([
    ['login.microsoftonline.com', 'westus2.login.microsoft.com'],
    ['login.windows.net', 'westus2.login.microsoft.com'],
    ['login.microsoft.com', 'westus2.login.microsoft.com'],
    ['sts.windows.net', 'westus2.login.microsoft.com'],
    ['login.microsoftonline.us', 'westus2.login.microsoftonline.us'],
    ['login.chinacloudapi.cn', 'westus2.login.chinacloudapi.cn'],
    ['login-us.microsoftonline.com', 'westus2.login-us.microsoftonline.com'],
    ['login.sovcloud-identity.fr', 'westus2.login.sovcloud-identity.fr'],
  ])('at %s: %s', async (host, regional) => {
    const authority = `https://${host}/${tenantId}`
    expect(await ask(createService(), { authority, azureRegion: 'westus2' })).toEqual([post(regional)])
  })

  test('its tokens are the central host’s in the cache', async () => {
    const service = createService()
    const regional = createClient(service, { azureRegion: 'westus2' })
    await acquireTokenForClient(regional, { scopes })
    const central = createClient(service, { cache: regional.cache })
    expect(await acquireTokenForClient(central, { scopes })).toMatchObject({ source: 'cache' })
  })

  test('an assertion is made for the central endpoint', async () => {
    const audiences: string[] = []
    const credential = clientAssertion(({ tokenEndpoint }) => {
      audiences.push(tokenEndpoint)
      return 'h.p.s'
    })
    await ask(createService(), { azureRegion: 'westus2', credential })
    expect(audiences).toEqual([`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`])
  })

  test.each<[string, Partial<ConfidentialClientOptions>]>([
    ['ADFS', { authority: 'https://adfs.contoso.com/adfs' }],
    ['B2C', { authority: 'https://contoso.b2clogin.com/contoso/B2C_1_x' }],
    ['CIAM', { authority: 'https://contoso.ciamlogin.com' }],
    ['an issuer', { authority: undefined, oidcAuthority: 'https://id.example/t' }],
  ])('but not by %s', async (_, options) => {
    const service = createService()
    await ask(service, { ...options, azureRegion: 'westus2' })
    expect(service.urls().join()).not.toContain('westus2')
  })
})

describe('the environment', () => {
  test.each<[string, Partial<ConfidentialClientOptions>, string[]]>([
    ['is not asked where nothing is said', { env: { REGION_NAME: 'westus2' } }, [central]],
    ['forces a region', { env: { MSAL_FORCE_REGION: 'eastus' } }, [post('eastus.login.microsoft.com')]],
    ['forces none by an empty text', { env: { MSAL_FORCE_REGION: '' } }, [central]],
    [
      'is ignored for false',
      { azureRegion: false, env: { MSAL_FORCE_REGION: 'eastus', REGION_NAME: 'eastus' } },
      [central],
    ],
    [
      'does not outdo a name',
      { azureRegion: 'westus2', env: { MSAL_FORCE_REGION: 'eastus', REGION_NAME: 'eastus' } },
      [post('westus2.login.microsoft.com')],
    ],
    [
      'names the region for true',
      { azureRegion: true, env: { REGION_NAME: 'eastus' } },
      [post('eastus.login.microsoft.com')],
    ],
    [
      'names it with blanks and capitals',
      { azureRegion: true, env: { REGION_NAME: 'West US 2' } },
      [post('westus2.login.microsoft.com')],
    ],
    ['names none', { azureRegion: true, env: { REGION_NAME: 'evil.example/' } }, [central]],
    ['forces none', { env: { MSAL_FORCE_REGION: 'evil.example/' } }, [central]],
  ])('%s', async (_, options, urls) => {
    expect(await ask(createService(), options)).toEqual(urls)
  })

  test('that may not be read is as good as empty', async () => {
    const env = new Proxy(
      {},
      {
        get: () => {
          throw new Error('NotCapable: requires env access')
        },
      },
    )
    expect(await ask(createService(), { env })).toEqual([central])
  })
})

describe('the metadata service', () => {
  test('is asked once for true', async () => {
    const service = withMetadata(() => new Response(' westus2\n'))
    const client = createClient(service, { azureRegion: true })
    await acquireTokenForClient(client, { scopes })
    await acquireTokenForClient(client, { scopes: ['https://vault.azure.net/.default'] })
    const regional = post('westus2.login.microsoft.com')
    expect(service.urls()).toEqual([probe, regional, regional])
    expect(Object.fromEntries(service.requests[0]!.headers)).toEqual({ metadata: 'true' })
  })

  test.each<[string, () => Response | Promise<Response>]>([
    ['a page', () => new Response('<html>westus2</html>')],
    ['nothing', () => new Response('')],
    ['a 404', () => new Response('westus2', { status: 404 })],
    ['a 500', () => new Response('westus2', { status: 500 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'http://evil.example/' } })],
    ['another host', () => new Response('evil.example/')],
    ['a host with a dot behind it', () => new Response('evil.example.')],
    ['a name with a hyphen behind it', () => new Response('westus-')],
    ['a number', () => new Response('2west')],
    ['a very long name', () => new Response('w'.repeat(64))],
    ['50 MB', () => new Response('w'.repeat(50e6))],
    ['a network error', () => Promise.reject(new TypeError('fetch failed'))],
  ])('that answers %s leaves the central endpoint', async (_, location) => {
    const service = withMetadata(location)
    const client = createClient(service, { azureRegion: true })
    await acquireTokenForClient(client, { scopes })
    await acquireTokenForClient(client, { scopes: ['https://vault.azure.net/.default'] })
    expect(service.urls()).toEqual([probe, central, central])
  })

  describe('that does not answer', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
    afterEach(() => void vi.useRealTimers())

    test('is given up after a second', async () => {
      const service = withMetadata(() => new Promise(() => {}))
      const calling = ask(service, { azureRegion: true })
      await vi.advanceTimersByTimeAsync(999)
      expect(service.urls()).toEqual([probe])
      await vi.advanceTimersByTimeAsync(1)
      expect(await calling).toEqual([probe, central])
    })
  })

  test('of a caller who leaves is asked again by the next', async () => {
    let answers = 0
    const service = withMetadata(() => (answers++ === 0 ? new Promise(() => {}) : new Response('westus2')))
    const client = createClient(service, { azureRegion: true })
    const controller = new AbortController()
    const leaving = rejection(acquireTokenForClient(client, { scopes, signal: controller.signal }))
    await settle()
    controller.abort()
    expect(await leaving).toMatchObject({ code: 'user_cancelled' })
    await acquireTokenForClient(client, { scopes })
    expect(service.urls()).toEqual([probe, probe, post('westus2.login.microsoft.com')])
  })
})
