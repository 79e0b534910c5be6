import { AuthError } from '@latchkey/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillTemplate } from '../src/fillTemplate.js'
import { getQuery, postForm } from './fixtures/http.js'
import { startSignIn } from './fixtures/signIn.js'

const values = { name: '<Ada & "Bob">', error: "it's", name2: '$error' }

test.each([
  ['plain $name', 'plain <Ada & "Bob">'],
  ['<b>$name</b>', '<b>&#60;Ada &#38; &#34;Bob&#34;&#62;</b>'],
  ["<b title='$error'>", "<b title='it&#39;s'>"],
  ['${name}s and $names', '<Ada & "Bob">s and $names'],
  ['$unknown ${unknown} $ $1 ${', '$unknown ${unknown} $ $1 ${'],
  ['$$name costs $$5', '$name costs $5'],
  ['$name2', '$error'],
  ['$toString $__proto__ $constructor', '$toString $__proto__ $constructor'],
  [' <b>$name', ' <b><Ada & "Bob">'],
])('%j becomes %j', (template, page) => {
  expect(fillTemplate(template, values)).toBe(page)
})

test('no value brings markup into HTML', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const [before, value, after, ...more] = fillTemplate('<p title="\0$name\0">', {
        name: name.replaceAll('\0', ''),
      }).split('\0')
      expect([before, after, more]).toEqual(['<p title="', '">', []])
      expect(value).not.toMatch(/[<>"']|&(?!#)/)
    }),
  )
})

test('the success page has the response’s parameters, but no secret', async () => {
  const successTemplate = '<p>$session_state $code $state $client_info $id_token $error'
  const { redirectUri, state, result } = await startSignIn({ successTemplate })
  const response = { code: 'secret-1', client_info: 'secret-2', id_token: 'secret-3', session_state: '<5>' }
  const page = await postForm(redirectUri, { ...response, state })
  expect(await page.text()).toBe('<p>&#60;5&#62; $code $state $client_info $id_token $error')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  await result
})

test('the error page says what the server said', async () => {
  const exchange = (): never => {
    throw new AuthError('access_denied', 'Cannot sign in')
  }
  const errorTemplate = 'failed: $error: $error_description ($error_uri) $other'
  const { redirectUri, state, result } = await startSignIn({ errorTemplate, exchange })
  const page = await getQuery(redirectUri, { error: 'access_denied', error_description: '<no>', state })
  expect(await page.text()).toBe('failed: access_denied: <no> () $other')
  expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  await expect(result).rejects.toMatchObject({ code: 'access_denied' })
})

test('the welcome page goes on to the sign-in, and is for the browser that was opened only', async () => {
  const welcomeTemplate = '<a href="$auth_uri">Sign in</a><a href="$abort_uri">Cancel</a>'
  const { redirectUri, state, result, opened, port } = await startSignIn({ welcomeTemplate })
  const address = await opened
  expect(address).toBe(`http://localhost:${port}/?state=${state}`)
  const page = await fetch(address)
  expect(page.status).toBe(200)
  const [, authUri, abortUri] = /"(.*?)".*"(.*?)"/.exec((await page.text()).replaceAll('&#38;', '&'))!
  expect(new URL(authUri!).searchParams.get('state')).toBe(state)
  expect(abortUri).toBe(`${redirectUri}?error=abort&state=${state}`)
  for (const guess of ['', '?state=', '?state=x', `?state=${state}x`])
    expect((await fetch(`${redirectUri}/${guess}`)).status).toBe(404)
  await postForm(redirectUri, { code: 'c', state })
  await result
})

test('there is no welcome page where none was given', async () => {
  const { redirectUri, state, result } = await startSignIn()
  expect((await getQuery(redirectUri, { state })).status).toBe(404)
  await postForm(redirectUri, { code: 'c', state })
  await result
})
