// @ts-check
/**
 * Finished sentences of a growing text, for a polite live region: a screen
 * reader that is told every token repeats itself without end, one that is told
 * sentences can be followed. Markup is left out; code is named, not read.
 *
 * Keeps true: nothing that was told is looked at again. Imports nothing.
 */

const MARKUP = /** @type {[RegExp, string][]} */ ([
  [/!?\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/ ?\[[0-9]+\]/g, ''],
  [/^ {0,3}#{1,6}[ \t]+(.*)$/gm, '\n\n$1\n\n'],
  [/^ *(?:>|[*+-]|[0-9]{1,9}[.)])[ \t]+/gm, '\n\n'],
  [/[*_`~|]+/g, ''],
]);
const FENCE = /^ {0,3}(?:`{3}|~{3})/;
const CODE_BLOCK = 'Code block.';
// An abbreviation, an initial or a number before its full stop ends nothing.
const NO_END = /(?:^|[\s(])(?:[A-Za-z]|[0-9]+|Dr|Mr|Mrs|Ms|Prof|St|No|vs|etc|approx|e\.g|i\.e|cf|Fig|Eq)\.$/;
const END = /[.!?…]+["'”’)\]]*(?=\s)|[。！？]+|\n{2,}|\n(?= *(?:[*+-]|[0-9]{1,9}[.)]|#{1,6})[ \t])/g;

/**
 * `push` takes more text and returns the sentences that it finished; `finish`
 * returns the rest; `reset` forgets everything, for a text that is withdrawn.
 */
export function createSentences() {
  /** Prose not told yet, without the last line. */
  let prose = '';
  /** The last line, as far as it has come. */
  let line = '';
  let isInCode = false;

  /** @param {string} text @returns {string[]} */
  function push(text) {
    const lines = (line + text).split('\n');
    line = lines.pop() ?? '';
    const told = lines.flatMap(takeLine);
    if (isInCode || /^ {0,3}[`~]/.test(line)) return told;
    return [...told, ...tellFinished()];
  }

  /** @param {string} complete @returns {string[]} */
  function takeLine(complete) {
    if (FENCE.test(complete)) {
      isInCode = !isInCode;
      return isInCode ? tellRest() : [CODE_BLOCK];
    }
    if (!isInCode) prose += `${complete}\n`;
    return [];
  }

  function tellFinished() {
    const text = prose + line;
    const end = lastEnd(text);
    if (end === 0) return [];
    // What is told of the last line is not told again when the line is whole.
    const rest = text.slice(end);
    line = end > prose.length ? rest : line;
    prose = end > prose.length ? '' : prose.slice(end);
    return split(text.slice(0, end));
  }

  function tellRest() {
    const rest = prose;
    prose = '';
    return split(rest);
  }

  /** @returns {string[]} */
  function finish() {
    const told = isInCode ? [CODE_BLOCK] : split(prose + line);
    reset();
    return told;
  }

  function reset() {
    prose = '';
    line = '';
    isInCode = false;
  }

  return { push, finish, reset };
}

/** @param {string} text the index after its last finished sentence, or 0 */
function lastEnd(text) {
  let last = 0;
  for (const end of endsIn(text)) last = end;
  return last;
}

/** @param {string} text */
function* endsIn(text) {
  let start = 0;
  for (const match of text.matchAll(END)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('.') && NO_END.test(text.slice(start, end))) continue;
    start = end;
    yield end;
  }
}

/** @param {string} markdown @returns {string[]} */
function split(markdown) {
  const text = MARKUP.reduce((words, [pattern, by]) => words.replace(pattern, by), markdown);
  const sentences = [];
  let start = 0;
  for (const end of [...endsIn(text), text.length]) {
    const sentence = text.slice(start, end).replace(/\s+/g, ' ').trim();
    if (/[\p{L}\p{N}]/u.test(sentence)) sentences.push(sentence);
    start = end;
  }
  return sentences;
}
