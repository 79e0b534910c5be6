import { createLocalJWKSet, errors, jwtVerify, type JWTPayload } from 'jose'
import type { App, FederatedIdentity } from './App.js'
import { EntraError } from './EntraError.js'
import type { Signing } from './signing.js'

/** The application that stands for the audience in tokens of managed identities. */
const exchangeId = 'fb60f99c-7a34-4190-8149-302f77469936'

/**
 * Verifies an assertion that somebody else signed for an app.
 *
 * @param assertion The assertion.
 * @param claims What it says, unverified.
 * @param app The app, which says whom it trusts.
 * @param signing The emulator's own key, for its managed identities.
 * @param now ms since the epoch.
 * @throws {EntraError} 700211, 700213 and 700212 when no federated credential has the issuer, subject and audience; 700027 for a bad
 *   signature, 700024 outside its time range.
 */
export async function verifyFederatedAssertion(
  assertion: string,
  claims: JWTPayload,
  app: App,
  signing: Signing,
  now: number,
): Promise<void> {
  const { iss = '', sub = '', aud } = claims
  const byIssuer = app.federatedCredentials?.filter(({ issuer }) => issuer === iss) ?? []
  if (byIssuer.length === 0) throw new EntraError(700211, { issuer: iss })
  const bySubject = byIssuer.filter(({ subject }) => subject === sub)
  if (bySubject.length === 0) throw new EntraError(700213, { subject: sub })
  const trusted = bySubject.find((one) => isAudience(one, aud))
  if (!trusted) throw new EntraError(700212, { audience: [aud].flat().join(' ') })
  const options = {
    currentDate: new Date(now),
    clockTolerance: 300,
    algorithms: ['RS256', 'PS256'],
    requiredClaims: ['exp'],
  }
  try {
    if (trusted.keys) await jwtVerify(assertion, createLocalJWKSet({ keys: [...trusted.keys] }), options)
    else await jwtVerify(assertion, await signing.publicKey(), options)
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)
      throw new EntraError(700024, { now: new Date(now).toISOString(), from: '?', to: '?' })
    throw new EntraError(700027, { reason: 'The signature of the federated assertion is wrong.', key: '' })
  }
}

function isAudience(
  { audience = 'api://AzureADTokenExchange', keys }: FederatedIdentity,
  aud: JWTPayload['aud'],
): boolean {
  const own = !keys && audience === 'api://AzureADTokenExchange' ? [exchangeId] : []
  return [aud].flat().some((value) => value === audience || own.includes(String(value)))
}
