// @ts-check
/**
 * The two requests by which a run is reached: the send that starts it, and the
 * follow that goes on after an event.
 */

import { plainAddress } from './plain-send.js';

/**
 * @typedef {{url: string, body: Record<string, unknown>}} Send
 * @typedef {Record<string, string>} Headers
 */

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {Headers | (() => Headers)} given sent with every request
 * @param {string} base where Parley is mounted, without a slash at the end
 */
export function createRunRequests(fetch, given, base) {
  /** @param {Headers} own @param {AbortSignal} signal */
  const common = (own, signal) => ({
    cache: /** @type {const} */ ('no-store'),
    signal,
    headers: { ...(typeof given === 'function' ? given() : given), ...own },
  });

  return {
    /** @param {string} messageId @param {string} lastId @param {AbortSignal} signal */
    follow(messageId, lastId, signal) {
      const own = { Accept: 'text/event-stream', ...(lastId && { 'Last-Event-ID': lastId }) };
      const address = `${base}/api/messages/${encodeURIComponent(messageId)}/stream`;
      return fetch(address, common(own, signal));
    },

    /** @param {Send} send @param {boolean} plain without a stream @param {AbortSignal} signal */
    send({ url, body }, plain, signal) {
      const own = {
        Accept: plain ? 'application/json' : 'text/event-stream', 'Content-Type': 'application/json',
      };
      const address = (plain && plainAddress(url)) || url;
      return fetch(address, { ...common(own, signal), method: 'POST', body: JSON.stringify(body) });
    },
  };
}
