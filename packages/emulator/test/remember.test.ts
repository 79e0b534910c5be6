import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { remember } from '../src/remember.js'
import { post } from './userFlow.js'

test('a map forgets its oldest entries', () => {
  const map = new Map<string, number>()
  for (const key of ['a', 'b', 'c']) remember(map, key, 1, 3)
  remember(map, 'a', 2, 3)
  remember(map, 'd', 3, 3)
  expect([...map]).toEqual([
    ['c', 1],
    ['a', 2],
    ['d', 3],
  ])
})

test('what is asked for ten thousand times is forgotten, the newest not', async () => {
  const emulator = createEmulator({ signingKey: generateSigningKey(), maxRequests: 1 })
  const ask = async () =>
    String((await post(emulator, { scope: 'openid' }, { endpoint: 'devicecode' })).body.device_code)
  const poll = async (device_code: string) =>
    (await post(emulator, { grant_type: 'device_code', device_code })).body.error
  const oldest = await ask()
  expect(await poll(oldest)).toBe('authorization_pending')
  for (let count = 1; count < 10_000; count++) await ask()
  expect(await poll(oldest)).toBe('authorization_pending')
  const newest = await ask()
  expect([await poll(oldest), await poll(newest)]).toEqual(['bad_verification_code', 'authorization_pending'])
})
