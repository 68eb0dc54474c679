// @ts-check
/**
 * Makes HTML that a model had a hand in safe to show: what is not on the list
 * goes, its text stays. The dialect lets no HTML of a model's through; this is
 * the second sieve, for the day when the first has a hole. Every piece of a
 * page's Markdown comes through here, every time.
 *
 * Keeps true: no script, no style, no form, no frame; no id, name or class
 * that could stand for one of the page's own; no address but those below.
 */

import DOMPurify from '../../../vendor/purify.js';

const TAGS = [
  'a', 'blockquote', 'br', 'cite', 'code', 'em', 'h3', 'h4', 'h5', 'h6', 'hr', 'img', 'li',
  'ol', 'p', 'pre', 's', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul',
];
const ATTRIBUTES = ['align', 'alt', 'data-lang', 'data-n', 'href', 'src', 'start', 'title'];

const OPTIONS = /** @type {const} */ ({
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ATTRIBUTES,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // A scheme from the list, or a place of this site.
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#|\/(?!\/))/i,
  ADD_URI_SAFE_ATTR: ['align', 'data-lang', 'data-n', 'start'],
  RETURN_DOM_FRAGMENT: true,
});

/** @type {ReturnType<typeof DOMPurify> | undefined} */
let purifier;

/**
 * The safe part of `html`, in a document of its own: nothing in it loads
 * before it is put into the page.
 *
 * @param {string} html
 * @returns {DocumentFragment}
 */
export function sanitize(html) {
  purifier ??= DOMPurify(window);
  return purifier.sanitize(html, OPTIONS);
}
