// @ts-check
/**
 * Which addresses a text may lead to, and where one that stands there bare ends. The server has
 * the same rules. Imports nothing.
 */

const ALLOWED = /^(?:https?:|mailto:|#|\/(?!\/))/i;
const INSIDE = /^(?:#|\/)/;
const BARE = /^https?:\/\/[\p{L}\p{N}][^\s<>[\]`]*/iu;
const CLOSING = new Set('?!.,:;*_~\'")');

/** @param {string} [address] */
export function isAllowed(address = '') {
  return ALLOWED.test(address.trim());
}

/**
 * Whether it leads to a place of this site.
 *
 * @param {string} address
 */
export function isInside(address) {
  return INSIDE.test(address);
}

/**
 * The address that the text begins with, without what closes the sentence around it; "" for none.
 *
 * @param {string} text
 */
export function bareAddress(text) {
  const [address] = BARE.exec(text) ?? [''];
  let unmatched = count(address, ')') - count(address, '(');
  let end = address.length;
  for (; CLOSING.has(address[end - 1] ?? ''); end -= 1) {
    if (address[end - 1] !== ')') continue;
    if (unmatched <= 0) break;
    unmatched -= 1;
  }
  return address.slice(0, end);
}

/** @param {string} text @param {string} sign */
function count(text, sign) {
  return text.split(sign).length - 1;
}
