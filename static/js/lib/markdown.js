// @ts-check
/**
 * Markdown for the page: whole, or while it is being written.
 *
 * Keeps true: both make the same elements of the same text; whatever a model
 * wrote has been sanitised before it reaches the page; no text is ever lost.
 * The parts are in markdown/.
 */

import { createCursor } from './markdown/cursor.js';
import { createDialect } from './markdown/dialect.js';
import { highlightIn, whenHighlighted } from './markdown/highlight.js';
import { createPace } from './markdown/pace.js';
import { createPainter } from './markdown/painter.js';
import { MarkdownStream } from './markdown/stream.js';

export { whenHighlighted };

/**
 * @typedef {import('./markdown/dialect.js').Source} Source
 * @typedef {object} MarkdownOptions
 * @property {Source[]} [sources] what `[n]` may name
 * @property {string} [messageId] goes into the anchors: `#source-<messageId>-<n>`
 * @property {boolean} [breaks] keeps single line ends, for what people type
 * @property {string} [copyIcon] address of the symbol on the copy buttons
 */

/**
 * The whole text as nodes.
 *
 * @param {string} text @param {MarkdownOptions} [options]
 * @returns {DocumentFragment}
 */
export function renderMarkdown(text, options = {}) {
  const { dialect, painter } = workshop(options);
  const { blocks, inline } = dialect.read(normalize(text), Object.create(null));
  inline();
  const fragment = document.createDocumentFragment();
  fragment.append(...blocks.flatMap((token) => painter.paintBlock(token)));
  highlightIn(fragment.childNodes);
  return fragment;
}

/**
 * A text that grows in `container`, which belongs to it from now on.
 *
 * `push` appends and paints soon; `flush` paints now; `replace` begins again
 * with another text; `setSources` changes what `[n]` may name; `finish` paints
 * the rest and takes the cursor away. After it, `push` begins nothing new.
 *
 * @param {Element} container @param {MarkdownOptions & {cursor?: boolean}} [options]
 */
export function createStreamingMarkdown(container, options = {}) {
  const cursor = createCursor(container);
  const pace = createPace(flush);
  let { stream, pieces, text } = begin(container, options);
  let finished = false;

  function flush() {
    pace.cancel();
    if (finished) return;
    const piece = takeWhole(pieces);
    if (piece !== '') stream.add(piece);
    if (options.cursor !== false) cursor.show();
  }

  /** @param {string} more */
  function push(more) {
    if (finished || more === '') return;
    text.push(more);
    pieces.push(more);
    pace.request();
  }

  /** @param {string} whole */
  function replace(whole) {
    finished = false;
    ({ stream, pieces, text } = begin(container, options));
    push(whole);
    flush();
  }

  /** @param {Source[]} sources */
  function setSources(sources) {
    const ended = finished;
    options = { ...options, sources };
    replace(text.join(''));
    if (ended) finish();
  }

  function finish() {
    if (finished) return;
    pace.cancel();
    cursor.hide();
    stream.add(takeWhole(pieces, true));
    stream.end();
    finished = true;
  }

  return { push, flush, replace, setSources, finish };
}

/** @param {Element} container @param {MarkdownOptions} options */
function begin(container, options) {
  container.replaceChildren();
  const { dialect, painter } = workshop(options);
  return {
    stream: new MarkdownStream(container, dialect, painter, highlightIn),
    pieces: /** @type {string[]} */ ([]),
    text: /** @type {string[]} */ ([]),
  };
}

/**
 * The pieces as one; a carriage return at their end stays until it is known
 * what follows it.
 *
 * @param {string[]} pieces emptied @param {boolean} [final]
 */
function takeWhole(pieces, final = false) {
  const piece = pieces.splice(0).join('');
  if (final || !piece.endsWith('\r')) return normalize(piece);
  pieces.push('\r');
  return normalize(piece.slice(0, -1));
}

/** @param {string} text */
function normalize(text) {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
}

/** @param {MarkdownOptions} options */
function workshop({ sources = [], messageId = '', breaks = false, copyIcon = '' }) {
  const known = new Map(sources.map((source) => [source.n, source]));
  const anchor = (/** @type {number} */ n) => `source-${messageId && `${messageId}-`}${n}`;
  const dialect = createDialect(known, { breaks });
  return { dialect, painter: createPainter(dialect, { sources: known, anchor, copyIcon }) };
}
