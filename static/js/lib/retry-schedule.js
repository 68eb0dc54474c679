// @ts-check
/**
 * Whether and when a lost connection is tried again: at once, then after 1, 2,
 * 4, 8 and 16 s, each made longer or shorter by chance so that the pages of a
 * restarted server do not all come back in the same moment. Imports nothing.
 */

const DELAYS_MS = [0, 1000, 2000, 4000, 8000, 16000];
const JITTER = 0.25;
const PASSING_STATUSES = new Set([429, 502, 503, 504]);
const GATEWAY_STATUSES = new Set([502, 504]);

/** How many waits there are; the try at once is not one of them. */
export const RETRIES = DELAYS_MS.length - 1;

/**
 * Milliseconds to wait after `failures` failures in a row, or null when it is
 * time to give up.
 *
 * @param {number} failures 0 right after a connection that had worked
 * @param {() => number} random from 0 to 1
 * @returns {number | null}
 */
export function delayAfter(failures, random) {
  const delay = DELAYS_MS[failures];
  if (delay === undefined) return null;
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random()));
}

/**
 * Whether a refusal may pass by itself.
 *
 * A send is repeated where a gateway speaks for itself and the server's answer
 * is lost, or where the server is away for a moment and says for how long; its
 * `client_id` keeps it from starting a second run.
 *
 * @param {import('./problem.js').Problem} problem @param {boolean} following
 */
export function isWorthRetrying(problem, following) {
  // A 200 that is no stream comes from a proxy or a hotel's sign-in page.
  if (problem.status === 200) return true;
  if (following) return PASSING_STATUSES.has(problem.status);
  if (problem.code === 'unavailable' && problem.retryAfter !== null) return true;
  return GATEWAY_STATUSES.has(problem.status) && !('code' in problem.fields);
}
