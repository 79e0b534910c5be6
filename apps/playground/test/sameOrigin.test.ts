import { describe, expect, test } from 'vitest'
import { createApp } from '../src/server/createApp.js'

const own = 'http://127.0.0.1:4173'

async function ask(url: string, headers: Record<string, string>, method = 'POST'): Promise<number> {
  const body = method === 'POST' ? { body: '{}' } : {}
  return (await createApp().fetch(new Request(url, { method, headers, ...body }))).status
}

describe('the server', () => {
  test.each([
    [
      'another name that was bound to 127.0.0.1',
      'http://rebound.example:4173/api/run',
      { origin: 'http://rebound.example:4173' },
    ],
    ['a name that only begins like ours', 'http://localhost.example:4173/api/run', {}],
    ['a page of another site', `${own}/api/run`, { origin: 'https://site.example' }],
    ['a page of another port of this machine', `${own}/api/run`, { origin: 'http://127.0.0.1:3000' }],
    ['a page under another name of this machine', `${own}/api/run`, { origin: 'http://localhost:4173' }],
    ['a sandboxed page', `${own}/api/run`, { origin: 'null' }],
    ['another site without an origin', `${own}/api/run`, { 'sec-fetch-site': 'cross-site' }],
    ['another site that switches faults', `${own}/.emulator/faults`, { origin: 'https://site.example' }],
  ])('refuses %s', async (_, url, headers) => {
    expect(await ask(url, { 'content-type': 'application/json', ...headers })).toBe(403)
  })

  test('refuses another name for the page itself', async () => {
    expect(await ask('http://rebound.example:4173/', {}, 'GET')).toBe(403)
  })

  test.each([
    ['its own page', `${own}/api/run`, { origin: own, 'sec-fetch-site': 'same-origin' }],
    ['its own page as localhost', 'http://localhost:4173/api/run', { origin: 'http://localhost:4173' }],
    ['a program without a browser', `${own}/api/run`, {}],
  ])('hears %s', async (_, url, headers) => {
    // What it hears is then refused for what is in it.
    expect(await ask(url, { 'content-type': 'application/json', ...headers })).toBe(400)
  })

  test('wants JSON, which a form of another page cannot send', async () => {
    expect(await ask(`${own}/api/run`, { 'content-type': 'text/plain', origin: own })).toBe(415)
  })

  test('lets a link lead to the emulator', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect(await ask(`${own}/contoso.com/v2.0/.well-known/openid-configuration`, headers, 'GET')).toBe(200)
  })
})
