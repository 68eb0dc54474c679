// @ts-check
/**
 * What a reader is told of personal data that went to a provider, from the findings of the context.
 * `chat/web/policies.py` says the same without scripts. Pure; imports nothing.
 */

/** @typedef {{guard: string, kind: string, count: number, action: string}} Finding */

const WORDS = /** @type {Record<string, [string, string]>} */ ({
  email: ['e-mail address', 'e-mail addresses'],
  phone: ['telephone number', 'telephone numbers'],
  card: ['card number', 'card numbers'],
  iban: ['bank account', 'bank accounts'],
  national_id: ['number of a person', 'numbers of persons'],
  ip: ['IP address', 'IP addresses'],
  secret: ['key or password', 'keys or passwords'],
});

/**
 * What went to the provider that a policy warns of, or null.
 *
 * @param {import('./answer-state.js').AnswerState} state
 * @returns {{strong: string, text: string} | null}
 */
export function warnedOf({ context, provider }) {
  const findings = /** @type {Finding[]} */ (context?.findings ?? []);
  const parts = findings
    .filter(({ guard, action, kind }) => guard === 'personal' && action === 'warn' && kind in WORDS)
    .map(({ kind, count }) => `${count} ${WORDS[kind]?.[count === 1 ? 0 : 1]}`);
  if (!parts.length) return null;
  const last = parts.pop();
  const text = parts.length ? `${parts.join(', ')} and ${last}.` : `${last}.`;
  return { strong: `Personal data went to ${provider || 'the provider'}.`, text };
}
