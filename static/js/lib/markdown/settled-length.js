// @ts-check
/**
 * How much of a text's beginning no later text can change.
 *
 * Everything in Markdown's inline grammar that reaches forward begins with a
 * sign: emphasis, code, brackets, addresses. Where each sign has found its partner
 * or can have none, a space ends what belongs together (CommonMark 0.31, 6).
 */

/** @typedef {import('./dialect.js').Token} Token */

const COMPLETE = new Set(['strong', 'em', 'del', 'link', 'image', 'codespan', 'escape', 'br', 'citation']);
const LITERAL = new RegExp([
  '[^*_~`<\\[]+', // no sign at all
  '(?<=\\s)\\*(?=\\s)', // a star between spaces opens and closes nothing
  '(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])', // nor does an underscore inside a word
  '<(?=[^\\s<>]*[\\s<])', // an address ends before any space
  '\\[[^\\[\\]*_~`<]*\\](?=[^(\\[])', // brackets that are no link
].join('|'), 'y');

/**
 * @param {Token[]} spans the text, read
 * @returns {number} characters, 0 when nothing is settled
 */
export function settledLength(spans) {
  let position = 0;
  let settled = 0;
  for (const span of spans) {
    const literal = span.type === 'text' ? literalLength(span.raw) : 0;
    settled = lastWordStart(span.raw.slice(0, literal), position) ?? settled;
    if (!isComplete(span)) return settled;
    position += span.raw.length;
  }
  return settled;
}

/** @param {Token} span @returns {boolean} */
function isComplete(span) {
  if (span.type === 'text' && !span.tokens) return literalLength(span.raw) === span.raw.length;
  if (span.type === 'text') return (span.tokens ?? []).every(isComplete);
  return COMPLETE.has(span.type) && (span.tokens ?? []).every(isComplete);
}

/** @param {string} text */
function literalLength(text) {
  LITERAL.lastIndex = 0;
  let length = 0;
  while (LITERAL.test(text)) length = LITERAL.lastIndex;
  return length;
}

/**
 * Where the last word begins, counted from the text's start; the word itself
 * may still grow into an address.
 *
 * @param {string} literal @param {number} position
 */
function lastWordStart(literal, position) {
  const match = /^[^]*\s(?=\S)/.exec(literal);
  return match ? position + match[0].length : null;
}
