import type { Interaction } from './Interaction.js'
import type { Step } from './nextStep.js'

/**
 * Settles what a device waits for: the sign-in is approved or declined.
 *
 * @param interaction What was asked; it is over.
 * @param step How it ended.
 */
export function settleDevice(
  { device, signIn }: Interaction,
  step: Extract<Step, { readonly kind: 'done' | 'refused' }>,
): void {
  if (device?.state !== 'pending') return
  if (step.kind === 'refused') {
    device.state = 'declined'
    return
  }
  const { user, tenant } = step.identity
  device.approval = { userId: user.id, tenantId: tenant.id, signIn: signIn! }
  device.state = 'approved'
}
