// @ts-check
/**
 * Random ids made in the page. `crypto.randomUUID` exists only in secure
 * contexts, and a self-hosted Parley may be opened over plain http on a local
 * network; `crypto.getRandomValues` exists everywhere. Imports nothing.
 */

/**
 * A random UUID, version 4 (RFC 9562, 5.4).
 *
 * @param {Crypto} [source]
 * @returns {string}
 */
export function uuid(source = globalThis.crypto) {
  if (typeof source.randomUUID === 'function') return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = (/** @type {number} */ (bytes[6]) & 0x0f) | 0x40;
  bytes[8] = (/** @type {number} */ (bytes[8]) & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
