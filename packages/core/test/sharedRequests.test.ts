import { expect, test } from 'vitest'
import { acquireTokenForClient } from '@latchkey/core'
import { createClient, createService, rejection, scopes, settle, token } from './fixtures/tokenService.js'

/** A service whose token answers are given by hand. */
function createGate() {
  const answers: ((response: Response | Error) => void)[] = []
  const service = createService(({ signal }) => {
    const answer = Promise.withResolvers<Response>()
    answers.push((response) => (response instanceof Error ? answer.reject(response) : answer.resolve(response)))
    signal?.addEventListener('abort', () => answer.reject(signal.reason as Error))
    return answer.promise
  })
  return { service, answers, client: createClient(service) }
}

test('200 equal calls make one request', async () => {
  const { service, answers, client } = createGate()
  const calls = Array.from({ length: 200 }, () => acquireTokenForClient(client, { scopes }))
  await settle()
  answers[0]?.(token({ access_token: 'AT-1' }))
  const results = await Promise.all(calls)
  expect(service.requests).toHaveLength(1)
  expect(new Set(results.map(({ accessToken }) => accessToken))).toEqual(new Set(['AT-1']))
})

test('the order of scopes makes no difference; other scopes, claims and clients do', async () => {
  const { service, answers, client } = createGate()
  const calls = [
    acquireTokenForClient(client, { scopes: ['a', 'b'] }),
    acquireTokenForClient(client, { scopes: ['b', 'a'] }),
    acquireTokenForClient(client, { scopes: ['a'] }),
    acquireTokenForClient(client, { scopes: ['a'], claims: '{}' }),
    acquireTokenForClient(createClient(service), { scopes: ['a', 'b'] }),
  ]
  await settle()
  expect(answers).toHaveLength(4)
  for (const answer of answers) answer(token())
  expect(await Promise.all(calls)).toHaveLength(5)
})

test('a caller who gives up leaves alone', async () => {
  const { service, answers, client } = createGate()
  const controller = new AbortController()
  const leaving = rejection(acquireTokenForClient(client, { scopes, signal: controller.signal }))
  const staying = acquireTokenForClient(client, { scopes, signal: new AbortController().signal })
  await settle()
  controller.abort()
  expect(await leaving).toMatchObject({ code: 'user_cancelled' })
  expect(service.requests[0]?.signal?.aborted).toBe(false)
  answers[0]?.(token())
  expect(await staying).toMatchObject({ accessToken: 'AT' })
  expect(service.requests).toHaveLength(1)
})

test('the request ends when the last caller left, and the next call starts another', async () => {
  const { service, answers, client } = createGate()
  const controllers = Array.from({ length: 3 }, () => new AbortController())
  const leaving = controllers.map(({ signal }) => rejection(acquireTokenForClient(client, { scopes, signal })))
  await settle()
  controllers[0]?.abort()
  controllers[1]?.abort()
  await settle()
  expect(service.requests[0]?.signal?.aborted).toBe(false)
  controllers[2]?.abort(new Error('enough'))
  expect(await Promise.all(leaving)).toMatchObject([
    { code: 'user_cancelled' },
    { code: 'user_cancelled' },
    { code: 'user_cancelled', cause: { message: 'enough' } },
  ])
  expect(service.requests[0]?.signal?.aborted).toBe(true)
  const next = acquireTokenForClient(client, { scopes })
  await settle()
  answers[1]?.(token({ access_token: 'AT-2' }))
  expect(await next).toMatchObject({ accessToken: 'AT-2' })
})

test('a caller without a signal keeps the request alive', async () => {
  const { service, answers, client } = createGate()
  const controller = new AbortController()
  const staying = acquireTokenForClient(client, { scopes })
  const leaving = rejection(acquireTokenForClient(client, { scopes, signal: controller.signal }))
  await settle()
  controller.abort()
  await leaving
  expect(service.requests[0]?.signal?.aborted).toBe(false)
  answers[0]?.(token())
  await staying
})

test('a failure is shared, and does not poison the next call', async () => {
  const { service, answers, client } = createGate()
  const calls = Array.from({ length: 5 }, () => rejection(acquireTokenForClient(client, { scopes })))
  await settle()
  answers[0]?.(new TypeError('fetch failed'))
  const errors = await Promise.all(calls)
  expect(new Set(errors).size).toBe(1)
  expect(errors[0]).toMatchObject({ code: 'network_error' })
  const next = acquireTokenForClient(client, { scopes })
  await settle()
  answers[1]?.(token())
  expect(await next).toMatchObject({ source: 'identity_provider' })
  expect(service.requests).toHaveLength(2)
})

test('a call that is given up before it starts asks for nothing', async () => {
  const { service, client } = createGate()
  const calling = acquireTokenForClient(client, { scopes, signal: AbortSignal.abort('enough') })
  expect(await rejection(calling)).toMatchObject({ code: 'user_cancelled', cause: 'enough' })
  expect(service.requests).toEqual([])
})
