// @ts-check
/**
 * Turns the text of an event stream into events: the WHATWG algorithm
 * (HTML, "Interpreting an event stream"), to the letter.
 *
 * Where the text is cut between two feeds never changes what comes out, and
 * the cost is linear in the text, however small the pieces: a feed looks only
 * at its own characters, never again at what is already buffered.
 *
 * Imports nothing.
 */

/**
 * @typedef {{id: string, event: string, data: string}} ServerEvent
 *   `id` is the last event id, "" when there is none.
 * @typedef {object} ParserCallbacks
 * @property {(event: ServerEvent) => void} [onEvent]
 * @property {(comment: string) => void} [onComment]
 * @property {(milliseconds: number) => void} [onRetry]
 */

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = '\uFEFF';
const PIECES_BEFORE_JOINING = 4096;

/**
 * Makes a parser; `feed` takes decoded text, `reset` begins a new stream.
 *
 * @param {ParserCallbacks} [callbacks]
 */
export function createParser({ onEvent, onComment, onRetry } = {}) {
  const line = createLineBuffer();
  /** @type {string[]} */
  let data = [];
  let eventType = '';
  let lastId = '';
  // A mark is dropped only as the first character of a stream, not of a feed.
  let atStart = true;
  // A CR ends its line at once; an LF in the next feed then belongs to it.
  let afterCarriageReturn = false;

  /** @param {string} text */
  function feed(text) {
    let position = skipBeginning(text);
    while (position < text.length) {
      const end = findLineEnd(text, position);
      line.append(position === 0 && end === text.length ? text : text.slice(position, end));
      if (end === text.length) return;
      position = skipLineEnd(text, end);
      interpretLine(line.take());
    }
  }

  /** @param {string} text */
  function skipBeginning(text) {
    if (text === '') return 0;
    let position = 0;
    if (atStart && text.startsWith(BYTE_ORDER_MARK)) position = 1;
    if (afterCarriageReturn && text.charCodeAt(0) === LINE_FEED) position = 1;
    atStart = false;
    afterCarriageReturn = false;
    return position;
  }

  /** @param {string} text @param {number} end */
  function skipLineEnd(text, end) {
    if (text.charCodeAt(end) === LINE_FEED) return end + 1;
    afterCarriageReturn = end + 1 === text.length;
    return text.charCodeAt(end + 1) === LINE_FEED ? end + 2 : end + 1;
  }

  /** @param {string} content */
  function interpretLine(content) {
    if (content === '') return dispatch();
    const colon = content.indexOf(':');
    if (colon === -1) return setField(content, '');
    const start = content[colon + 1] === ' ' ? colon + 2 : colon + 1;
    if (colon === 0) return onComment?.(content.slice(start));
    return setField(content.slice(0, colon), content.slice(start));
  }

  /** @param {string} name @param {string} value */
  function setField(name, value) {
    if (name === 'data') data.push(value);
    else if (name === 'event') eventType = value;
    else if (name === 'id' && !value.includes('\0')) lastId = value;
    else if (name === 'retry' && /^[0-9]+$/.test(value)) onRetry?.(Number(value));
  }

  function dispatch() {
    const event = { id: lastId, event: eventType || 'message', data: data.join('\n') };
    const hasData = data.length > 0;
    // Cleared first, so that a callback that throws leaves nothing half read.
    data = [];
    eventType = '';
    if (hasData) onEvent?.(event);
  }

  function reset() {
    line.take();
    data = [];
    eventType = '';
    lastId = '';
    atStart = true;
    afterCarriageReturn = false;
  }

  return { feed, reset };
}

/**
 * The index of the first CR or LF at or after `from`, or the text's length.
 *
 * One loop for both: two `indexOf` would search the whole rest again for each
 * line when only one of the two occurs.
 *
 * @param {string} text @param {number} from
 */
function findLineEnd(text, from) {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) return index;
  }
  return text.length;
}

/**
 * Collects the pieces of an unfinished line.
 *
 * `+=` would keep one node a piece until the line is read (gigabytes for a
 * long line fed by the character), so pieces are joined by the thousand.
 */
function createLineBuffer() {
  /** @type {string[]} */
  let joined = [];
  /** @type {string[]} */
  let pieces = [];

  /** @param {string} piece */
  function append(piece) {
    pieces.push(piece);
    if (pieces.length < PIECES_BEFORE_JOINING) return;
    joined.push(pieces.join(''));
    pieces = [];
  }

  function take() {
    const rest = pieces.length === 1 ? pieces[0] ?? '' : pieces.join('');
    const content = joined.length === 0 ? rest : joined.join('') + rest;
    joined = [];
    pieces = [];
    return content;
  }

  return { append, take };
}
