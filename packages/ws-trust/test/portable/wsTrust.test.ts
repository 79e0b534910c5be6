import { isAuthError } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { answer, assertions, fault, SAML_20, WST_2005 } from '../fixtures/answers.js'
import { ACTION_13, adfsPorts, metadata } from '../fixtures/metadata.js'
import { HOST, PASSWORD, request } from '../provider.js'

describe('wsTrust', () => {
  it('finds the endpoint, sends the password there once, and gets the assertion', async () => {
    const assertion = assertions['SAML 1.1']!
    const { acquire, requests } = request({ metadata: metadata(adfsPorts()), token: answer(assertion) })
    const grantType = 'urn:ietf:params:oauth:grant-type:saml1_1-bearer'
    expect(await acquire()).toMatchObject({ grantType, assertion })
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET https://${HOST}/adfs/services/trust/mex`,
      `POST https://${HOST}/adfs/services/trust/13/usernamemixed`,
    ])
    expect(requests[1]!.headers).toEqual({
      'content-type': 'application/soap+xml; charset=utf-8',
      soapaction: ACTION_13,
    })
    expect(requests[1]!.body).toContain(`<wsse:Password>${PASSWORD}</wsse:Password>`)
  })

  it.each(Object.keys(assertions))('gives an assertion with %s as it is', async (name) => {
    const assertion = assertions[name]!
    for (const options of [{}, { wst: WST_2005, tokenType: SAML_20, prefix: 't' }]) {
      const result = await request({ token: answer(assertion, options) }).acquire()
      expect(result.assertion).toBe(assertion)
      expect(result.encoded).toMatch(/^[\w-]+$/)
    }
  })

  it('says why the provider refuses, and not the password', async () => {
    const text = fault({ reason: `No: ${PASSWORD}` })
    const error: unknown = await request({ token: { text, status: 500 } })
      .acquire()
      .catch((thrown: unknown) => thrown)
    expect(isAuthError(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'invalid_grant',
      message: `Cannot sign in at ${HOST}: FailedAuthentication: ***`,
      error: 'FailedAuthentication',
      status: 500,
    })
  })

  it('refuses what nests too deep', async () => {
    const text = '<a>'.repeat(300_000)
    await expect(request({ token: text }).acquire()).rejects.toMatchObject({ code: 'invalid_response' })
  })
})
