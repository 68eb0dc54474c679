// @ts-check
/**
 * Where a growing text may end for a moment: after a word, never within a character that people see
 * as one. Imports nothing.
 */

const LONGEST_WORD = 32;
const words = 'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'word' }) : null;

/**
 * The end, at or after `to`, of the word there; of a longer one than anybody reads, of a character.
 *
 * @param {string} text @param {number} from where a word begins, or goes on @param {number} to
 * @returns {number}
 */
export function endOfWord(text, from, to) {
  if (to >= text.length) return text.length;
  if (to <= from) return from;
  const part = text.slice(from, to + LONGEST_WORD);
  const found = words?.segment(part).containing(to - from - 1);
  const end = found ? from + found.index + found.segment.length : text.length;
  return end - to < LONGEST_WORD ? end : endOfCharacter(text, to);
}

/** @param {string} text @param {number} to */
function endOfCharacter(text, to) {
  const isCut = /[\uD800-\uDBFF]/.test(text.charAt(to - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(to));
  return isCut ? to + 1 : to;
}
