// @ts-check
/**
 * A growing Markdown text as a growing piece of the page.
 *
 * Keeps true: finished blocks are not touched again; only the open last one
 * is painted, and of it only what can still change; after the end the page is
 * what painting the whole text at once would have made.
 *
 * How: complete lines settle, the unfinished last line is only shown. A block
 * is finished when another one begins below it. A list, a table, a fence and
 * a long paragraph settle piece by piece while they are open.
 */

import { createFinishedBlocks } from './finished-blocks.js';
import { openFence } from './open-fence.js';
import { openList } from './open-list.js';
import { openPlain } from './open-plain.js';
import { createOpenParagraph } from './open-paragraph.js';
import { openTable } from './open-table.js';
import { createStreamContext } from './stream-context.js';

/**
 * @typedef {import('./dialect.js').Token} Token
 * @typedef {{nodes: ChildNode[], raw: () => string, tokens: Token[],
 *   settle: (source: string, final: boolean) => {length: number, ended: boolean},
 *   show: (source: string) => Token[]}} OpenBlock
 */

export class MarkdownStream {
  #container;
  #context;
  #finished;
  /** What is not finished yet: the open block, or what of it has not settled. */
  #tail = '';
  /** @type {OpenBlock | null} */
  #open = null;
  /** @type {import('./open-paragraph.js').OpenParagraph | null} */
  #paragraph = null;
  /** Nodes below everything finished, painted again each time. @type {ChildNode[]} */
  #shown = [];

  /**
   * @param {Element} container
   * @param {import('./dialect.js').Dialect} dialect
   * @param {import('./painter.js').Painter} painter
   * @param {(nodes: ChildNode[]) => void} onPainted called with nodes that are finished
   */
  constructor(container, dialect, painter, onPainted) {
    this.#container = container;
    this.#context = createStreamContext(dialect, painter);
    this.#finished = createFinishedBlocks(this.#context, onPainted);
  }

  /** @param {string} text more of it, with line ends as line feeds */
  add(text) {
    this.#tail += text;
    this.#paint(() => text.includes('\n') && this.#settle(false));
  }

  /** The text has ended. */
  end() {
    this.#paint(() => this.#settle(true));
  }

  /** @param {() => void} settle */
  #paint(settle) {
    try {
      settle();
      this.#show();
    } catch (error) {
      // A text that breaks its reader is shown as it is, and the fault reported.
      reportError(error);
      this.#forgetShown();
      this.#append(openPlain());
      settle();
      this.#show();
    }
  }

  /** @param {boolean} final */
  #settle(final) {
    for (let before = -1; before !== this.#tail.length || this.#open;) {
      before = this.#tail.length;
      if (this.#open) {
        if (!this.#settleOpen(this.#open, final)) return;
      } else if (!this.#settleBlocks(final)) return;
    }
  }

  /** @param {boolean} final */
  #complete(final) {
    return final ? this.#tail : this.#tail.slice(0, this.#tail.lastIndexOf('\n') + 1);
  }

  /** @param {OpenBlock} open @param {boolean} final @returns {boolean} whether it has ended */
  #settleOpen(open, final) {
    const { length, ended } = open.settle(this.#complete(final), final);
    this.#tail = this.#tail.slice(length);
    if (!ended) return false;
    this.#open = null;
    this.#finished.add({ raw: open.raw(), nodes: open.nodes }, open.tokens);
    return true;
  }

  /** @param {boolean} final @returns {boolean} whether there may be more to settle */
  #settleBlocks(final) {
    const source = this.#complete(final);
    if (source === '') return false;
    const { blocks, inline } = this.#context.read(source);
    const last = blocks.findLastIndex(({ type }) => type !== 'space');
    const settled = final ? blocks : blocks.slice(0, Math.max(last, 0));
    const length = lengthOf(settled, source);
    if (length === null) return false;
    if (settled.length > 0) inline();
    for (const token of settled) this.#finish(token);
    this.#tail = this.#tail.slice(length);
    if (final) return false;
    return this.#openLast(blocks[last]);
  }

  /** @param {Token} token */
  #finish(token) {
    const nodes = this.#paragraphOf(token) ?? this.#context.painter.paintBlock(token);
    this.#forgetShown();
    this.#container.append(...nodes);
    this.#finished.add({ raw: token.type === 'code' ? '' : token.raw, nodes }, [token]);
  }

  /**
   * A paragraph that was shown piece by piece is taken as it is.
   *
   * @param {Token} token
   * @returns {ChildNode[] | null}
   */
  #paragraphOf(token) {
    const paragraph = this.#paragraph;
    this.#paragraph = null;
    if (token.type !== 'paragraph' || !paragraph?.show(token.text ?? '')) return null;
    return [paragraph.element];
  }

  /** @param {Token | undefined} token @returns {boolean} */
  #openLast(token) {
    if (!token) return false;
    const open = openFence(token, this.#context)
      ?? openTable(token, this.#context)
      ?? openList(token, this.#context);
    if (open) this.#append(open);
    return open !== null;
  }

  /** @param {OpenBlock} open */
  #append(open) {
    this.#forgetShown();
    this.#paragraph = null;
    this.#container.append(...open.nodes);
    this.#open = open;
  }

  /** Paints what may still change. */
  #show() {
    const tokens = this.#open ? this.#open.show(this.#tail) : this.#readTail();
    const [only] = tokens;
    if (only?.type === 'paragraph' && tokens.length === 1) return this.#showParagraph(only);
    this.#paragraph = null;
    return this.#showNodes(tokens.flatMap((token) => this.#context.painter.paintBlock(token)));
  }

  #readTail() {
    if (this.#tail.trim() === '') return [];
    const { blocks, inline } = this.#context.read(this.#tail);
    const tokens = blocks.filter(({ type }) => type !== 'space');
    if (tokens.length !== 1 || tokens[0]?.type !== 'paragraph') inline();
    return tokens;
  }

  /** @param {Token} token */
  #showParagraph({ text = '' }) {
    if (!this.#paragraph?.show(text)) {
      this.#paragraph = createOpenParagraph(this.#context);
      this.#paragraph.show(text);
    }
    if (this.#shown[0] !== this.#paragraph.element) this.#showNodes([this.#paragraph.element]);
  }

  /** @param {ChildNode[]} nodes */
  #showNodes(nodes) {
    this.#forgetShown();
    this.#container.append(...nodes);
    this.#shown = nodes;
  }

  #forgetShown() {
    for (const node of this.#shown) node.remove();
    this.#shown = [];
  }
}

/**
 * How many characters of the source the blocks cover; null when what they
 * remember of it is not its beginning, and then they cannot be finished.
 *
 * @param {Token[]} blocks @param {string} source
 */
function lengthOf(blocks, source) {
  const raw = blocks.map((block) => block.raw).join('');
  return source.startsWith(raw) ? raw.length : null;
}
