/** The values of `prompt` (OpenID Connect Core 1.0 §3.1.2.1, and Entra's `create`). */
export const Prompt = {
  /** Show nothing; fail where something would have to be shown. */
  NONE: 'none',
  /** Ask for the password again. */
  LOGIN: 'login',
  /** Ask for consent again. */
  CONSENT: 'consent',
  /** Let the user choose an account. */
  SELECT_ACCOUNT: 'select_account',
  /** Start with signing up. */
  CREATE: 'create',
} as const
