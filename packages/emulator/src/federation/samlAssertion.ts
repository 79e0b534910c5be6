import { base64url } from 'jose'
import type { Exchange, Service } from '../Exchange.js'
import type { User } from '../User.js'

/** The version of an assertion. */
export type SamlVersion = '1.1' | '2.0'

/** Who an assertion is for, where nobody says otherwise: the cloud. */
export const cloudAudience = 'urn:federation:MicrosoftOnline'

const dsig = 'http://www.w3.org/2000/09/xmldsig#'
const lifetime = 60 * 60 * 1000

/**
 * Issues a signed assertion, as a federated user's own server does.
 *
 * The text is in canonical form already, so that the signature is one of XML-DSig, and holds for exactly these characters.
 *
 * @param service The emulator, whose key signs.
 * @param exchange The request.
 * @param user Whom it speaks of.
 * @param version The version of SAML.
 * @returns The assertion, as XML.
 * @see {@link https://www.w3.org/TR/xmldsig-core1/ XML Signature Syntax and Processing}
 */
export async function issueAssertion(
  service: Service,
  { now, url }: Exchange,
  user: User,
  version: SamlVersion,
): Promise<string> {
  const facts = {
    id: `_${crypto.randomUUID()}`,
    issuer: `http://${url.host}/adfs/services/trust`,
    issued: instant(now),
    expires: instant(now + lifetime),
    username: canonicalText(user.username),
    subject: btoa(user.id),
  }
  const [before, after] = version === '1.1' ? saml11(facts) : saml20(facts)
  const signedInfo = await signedInfoOf(before + after, facts.id)
  const signature = await service.signing.signText(signedInfo)
  const block = `<ds:Signature xmlns:ds="${dsig}">${signedInfo.replace(` xmlns:ds="${dsig}"`, '')}<ds:SignatureValue>${signature}</ds:SignatureValue></ds:Signature>`
  return before + block + after
}

/**
 * Verifies the signature of an assertion that {@link issueAssertion} made.
 *
 * @param service The emulator, whose key signed.
 * @param assertion The assertion, not one character of it changed.
 * @returns Whether it is so.
 */
export async function verifyAssertion(service: Service, assertion: string): Promise<boolean> {
  const block = /<ds:Signature [^>]*>.*?<ds:SignatureValue>([\w+/=]+)<\/ds:SignatureValue><\/ds:Signature>/s.exec(
    assertion,
  )
  const id = / (?:AssertionID|ID)="(_[\w-]+)"/.exec(assertion)?.[1]
  const signature = block?.[1]
  if (!block || signature === undefined || id === undefined) return false
  const bare = assertion.replace(block[0], '')
  const signedInfo = await signedInfoOf(bare, id)
  return (
    block[0].includes(signedInfo.replace(` xmlns:ds="${dsig}"`, '')) &&
    service.signing.verifyText(signedInfo, signature)
  )
}

interface Facts {
  readonly id: string
  readonly issuer: string
  readonly issued: string
  readonly expires: string
  readonly username: string
  readonly subject: string
}

/** The two halves; the signature goes between them. */
function saml11({ id, issuer, issued, expires, username, subject }: Facts): readonly [string, string] {
  const who =
    '<saml:Subject>' +
    `<saml:NameIdentifier Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">${subject}</saml:NameIdentifier>` +
    '<saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:bearer</saml:ConfirmationMethod>' +
    '</saml:SubjectConfirmation></saml:Subject>'
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" AssertionID="${id}" IssueInstant="${issued}" ` +
      `Issuer="${issuer}" MajorVersion="1" MinorVersion="1">` +
      `<saml:Conditions NotBefore="${issued}" NotOnOrAfter="${expires}"><saml:AudienceRestrictionCondition>` +
      `<saml:Audience>${cloudAudience}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>` +
      `<saml:AttributeStatement>${who}` +
      '<saml:Attribute AttributeName="UPN" AttributeNamespace="http://schemas.xmlsoap.org/claims">' +
      `<saml:AttributeValue>${username}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>` +
      `<saml:AuthenticationStatement AuthenticationInstant="${issued}" ` +
      `AuthenticationMethod="urn:oasis:names:tc:SAML:1.0:am:password">${who}</saml:AuthenticationStatement>`,
    '</saml:Assertion>',
  ]
}

function saml20({ id, issuer, issued, expires, username, subject }: Facts): readonly [string, string] {
  return [
    `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" IssueInstant="${issued}" ` +
      `Version="2.0"><saml2:Issuer>${issuer}</saml2:Issuer>`,
    '<saml2:Subject>' +
      `<saml2:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">${subject}</saml2:NameID>` +
      '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
      `<saml2:SubjectConfirmationData NotOnOrAfter="${expires}"></saml2:SubjectConfirmationData>` +
      '</saml2:SubjectConfirmation></saml2:Subject>' +
      `<saml2:Conditions NotBefore="${issued}" NotOnOrAfter="${expires}"><saml2:AudienceRestriction>` +
      `<saml2:Audience>${cloudAudience}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>` +
      '<saml2:AttributeStatement><saml2:Attribute Name="http://schemas.xmlsoap.org/claims/UPN">' +
      `<saml2:AttributeValue>${username}</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>` +
      `<saml2:AuthnStatement AuthnInstant="${issued}"><saml2:AuthnContext>` +
      '<saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport' +
      '</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement></saml2:Assertion>',
  ]
}

async function signedInfoOf(assertion: string, id: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(assertion)))
  const method = (name: string, algorithm: string): string => `<ds:${name} Algorithm="${algorithm}"></ds:${name}>`
  const canonical = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  return (
    `<ds:SignedInfo xmlns:ds="${dsig}">${method('CanonicalizationMethod', canonical)}` +
    `${method('SignatureMethod', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')}<ds:Reference URI="#${id}">` +
    `<ds:Transforms>${method('Transform', `${dsig}enveloped-signature`)}${method('Transform', canonical)}` +
    `</ds:Transforms>${method('DigestMethod', 'http://www.w3.org/2001/04/xmlenc#sha256')}` +
    `<ds:DigestValue>${padded(base64url.encode(digest))}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  )
}

/** Canonical XML leaves quotes as they are. */
function canonicalText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function padded(text: string): string {
  return text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function instant(time: number): string {
  return new Date(time).toISOString()
}
