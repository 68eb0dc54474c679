// @ts-check
/**
 * marked's grammar without raw HTML: a tag is text like any other, so it neither ends a paragraph
 * nor begins a block. The server's reader has HTML off in the same way.
 */

import { Lexer, Tokenizer } from '../../../vendor/marked.js';

/** @typedef {import('../../../vendor/marked.js').Rules} Rules */

const NEVER = /(?!)/;
/** How marked writes "a line that begins with HTML" inside its other rules. */
const HTML_LINE = / \{0,3\}\(\?:<\\?\/\?\(\?:address\|.*?<!\\\[CDATA\\\[\)/g;
const INTERRUPTED = /** @type {const} */ (['paragraph', 'table', 'lheading', 'blockquote']);

/** @type {Map<boolean, Rules>} */
const made = new Map();

/**
 * @param {boolean} breaks whether a single line end is kept
 * @returns {Rules}
 */
export function rulesWithoutHtml(breaks) {
  const known = made.get(breaks) ?? make(breaks);
  made.set(breaks, known);
  return known;
}

/** @param {boolean} breaks @returns {Rules} */
function make(breaks) {
  const { tokenizer } = new Lexer({ gfm: true, breaks, tokenizer: new Tokenizer() });
  const { other, block, inline } = tokenizer.rules;
  const uninterrupted = INTERRUPTED.map((name) => [name, withoutHtmlLines(block[name])]);
  return {
    other: { ...other, htmlBeginRegex: () => NEVER },
    block: { ...block, ...Object.fromEntries(uninterrupted), html: NEVER },
    inline: { ...inline, tag: NEVER },
  };
}

/** @param {RegExp | undefined} rule */
function withoutHtmlLines(rule) {
  return rule && new RegExp(rule.source.replace(HTML_LINE, NEVER.source), rule.flags);
}
