import { base64url } from 'jose'
import type { App } from '../App.js'
import { readClaims } from '../claimsRequest.js'
import { authenticateUserClient } from '../clientPolicy.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { findElement, parseXml, type XmlElement } from '../federation/parseXml.js'
import { cloudAudience, verifyAssertion } from '../federation/samlAssertion.js'
import { findIdentity } from '../identity.js'
import { beginSignIn } from '../memory.js'
import type { TenantPath } from '../tenantPath.js'
import { issueUserTokens, type UserTokenResponse } from '../userTokens.js'

/** What an assertion says. */
interface AssertedFacts {
  readonly username: string
  readonly audience: string
  readonly notBefore: number
  readonly notOnOrAfter: number
}

const saml11 = 'urn:oasis:names:tc:SAML:1.0:assertion'
const saml20 = 'urn:oasis:names:tc:SAML:2.0:assertion'
const grantTypes: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['urn:ietf:params:oauth:grant-type:saml1_1-bearer', saml11],
  ['urn:ietf:params:oauth:grant-type:saml2-bearer', saml20],
])

/**
 * Answers the grants for assertions of SAML 1.1 and 2.0, which a federated user's own server issued.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param app The app that has the assertion.
 * @param path The tenant that it asks.
 * @returns The token response.
 * @throws {EntraError} 50013 for what is not such an assertion, 500133 outside its time range, 500131 for another audience.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7522#section-2.1 RFC 7522, section 2.1}
 */
export async function samlBearer(
  service: Service,
  exchange: Exchange,
  app: App,
  path: TenantPath,
): Promise<UserTokenResponse> {
  const { form, now } = exchange
  const encoded = form.get('assertion')
  if (!encoded) throw new EntraError(900144, { parameter: 'assertion' })
  const authentication = await authenticateUserClient(service, app, exchange, path)
  const xml = decode(encoded)
  if (!(await verifyAssertion(service, xml)))
    throw new EntraError(50013, { reason: 'its signature is wrong: not one character of it may change' })
  const facts = read(xml, grantTypes.get(form.get('grant_type') ?? '') ?? '')
  if (facts.notOnOrAfter <= now || facts.notBefore > now + 300_000) throw new EntraError(500133)
  if (facts.audience !== cloudAudience) throw new EntraError(500131)

  const user = service.directory.findUser(facts.username, path.tenant?.id)
  if (!user) throw new EntraError(50034, { user: facts.username, tenant: path.tenant?.name ?? path.segment })
  return issueUserTokens(service, exchange, {
    ...{ client: app, path, authentication },
    identity: findIdentity(service.directory, path, app, user),
    signIn: beginSignIn(service.memory, user.id, now),
    scope: form.get('scope') || 'openid profile',
    claims: readClaims(form.get('claims')),
  })
}

function decode(encoded: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(base64url.decode(encoded))
  } catch {
    throw new EntraError(50013, { reason: 'it cannot be decoded' })
  }
}

function read(xml: string, namespace: string): AssertedFacts {
  const assertion = parse(xml)
  if (assertion.namespace !== namespace || assertion.name !== 'Assertion')
    throw new EntraError(50013, { reason: 'it is not of the version that the grant type names' })
  const conditions = findElement(assertion, [namespace, 'Conditions'])
  const restriction = namespace === saml11 ? 'AudienceRestrictionCondition' : 'AudienceRestriction'
  const statement = [namespace, 'AttributeStatement'] as const
  const value = findElement(assertion, statement, [namespace, 'Attribute'], [namespace, 'AttributeValue'])
  return {
    username: value?.text ?? '',
    audience: findElement(conditions, [namespace, restriction], [namespace, 'Audience'])?.text ?? '',
    notBefore: Date.parse(conditions?.attributes.get('NotBefore') ?? ''),
    notOnOrAfter: Date.parse(conditions?.attributes.get('NotOnOrAfter') ?? ''),
  }
}

function parse(xml: string): XmlElement {
  try {
    return parseXml(xml)
  } catch {
    throw new EntraError(50013, { reason: 'it is not XML' })
  }
}
