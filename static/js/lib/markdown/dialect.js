// @ts-check
/**
 * The Markdown that Parley reads: CommonMark with GitHub's tables, lists of
 * tasks, strikethrough and bare links, and `[n]` for the answer's sources.
 *
 * Keeps true: a line that is complete never changes what the blocks before
 * the last one are. The streaming renderer builds on it, so a link's
 * definition ends with its line here. Raw HTML is text. What the server shows
 * of the same text has the same elements.
 */

import { bareAddress, isAllowed } from './addresses.js';
import { rulesWithoutHtml } from './rules.js';
import { Lexer, Marked, Parser, Renderer, Tokenizer } from '../../../vendor/marked.js';

/**
 * @typedef {import('../../../vendor/marked.js').Token} Token
 * @typedef {import('../../../vendor/marked.js').Links} Links
 * @typedef {{n: number, title?: string}} Source
 */

const HEADINGS_ABOVE = 2;
const LOWEST_HEADING = 6;

/**
 * Makes the reader for one text.
 *
 * @param {ReadonlyMap<number, Source>} sources what `[n]` may name
 * @param {{breaks?: boolean}} [options] `breaks` keeps single line ends, as in what people type
 */
export function createDialect(sources, { breaks = false } = {}) {
  const marked = new Marked({ gfm: true, breaks });
  marked.use({ extensions: [citation(sources)] });

  const options = () => ({
    ...marked.defaults, tokenizer: new PageTokenizer(), renderer: new PageRenderer(),
  });

  /** @param {Links} links */
  function lexerWith(links) {
    const lexer = new Lexer(options());
    lexer.tokenizer.rules = rulesWithoutHtml(breaks);
    lexer.tokens.links = links;
    return lexer;
  }

  /**
   * The blocks of a source; `inline` of the result reads what is inside them.
   *
   * @param {string} source @param {Links} links definitions from elsewhere in the text
   */
  function read(source, links) {
    const lexer = lexerWith(Object.assign(Object.create(null), links));
    try {
      const blocks = lexer.blockTokens(source, lexer.tokens);
      return { blocks, inline: () => readInline(lexer) };
    } catch {
      // Thousands of nested quotes are too deep to read, and still to be shown.
      return { blocks: [{ type: 'plain', raw: source }], inline: () => {} };
    }
  }

  /** @param {string} source @param {Links} links @returns {Token[]} */
  function readSpan(source, links) {
    return lexerWith(links).inlineTokens(source);
  }

  return {
    read,
    readSpan,
    /** @param {Token[]} blocks */
    html: (blocks) => new Parser(options()).parse(blocks),
    /** @param {Token[]} spans */
    spanHtml: (spans) => new Parser(options()).parseInline(spans),
  };
}

/** @typedef {ReturnType<typeof createDialect>} Dialect */

/** @param {Lexer} lexer */
function readInline(lexer) {
  for (const { src, tokens } of lexer.inlineQueue) {
    lexer.state.inRawBlock = false;
    lexer.inlineTokens(src, tokens);
  }
  lexer.inlineQueue = [];
}

/** @param {ReadonlyMap<number, Source>} sources */
function citation(sources) {
  return {
    name: 'citation',
    level: 'inline',
    /** @this {{lexer: Lexer}} @param {string} text */
    tokenizer(text) {
      if (text[0] !== '[') return undefined;
      const match = /^\[([0-9]{1,3})\]/.exec(text);
      if (!match || !sources.has(Number(match[1]))) return undefined;
      this.lexer.state.linkEmitted = true; // no link holds another
      return { type: 'citation', raw: match[0], n: Number(match[1]) };
    },
    /** @param {Token} token */
    renderer: ({ n }) => `<cite data-n="${n}">[${n}]</cite>`,
  };
}

class PageTokenizer extends Tokenizer {
  /**
   * A definition reaches to the end of its line. The standard lets its title
   * run on over any number of lines, so that a finished block could still be
   * swallowed by a quote far below.
   *
   * @override @param {string} source
   */
  def(source) {
    const end = source.indexOf('\n');
    return allowed(super.def(end === -1 ? source : source.slice(0, end + 1)));
  }

  /** @override @param {string} source */
  link(source) {
    return this.#unlessRefused(() => super.link(source));
  }

  /** @override @param {string} source @param {Links} links */
  reflink(source, links) {
    return this.#unlessRefused(() => super.reflink(source, links));
  }

  /** @override @param {string} source */
  autolink(source) {
    return allowed(super.autolink(source));
  }

  /** @override @param {string} source @returns {Token | undefined} */
  url(source) {
    const href = bareAddress(source);
    if (href === '') return undefined;
    const text = { type: 'text', raw: href, text: href };
    return { type: 'link', raw: href, text: href, href, autolink: true, tokens: [text] };
  }

  /** One tilde strikes nothing through. @override @param {string} source @param {string} masked @param {string} before */
  del(source, masked, before) {
    return source.startsWith('~~') ? super.del(source, masked, before) : undefined;
  }

  /** A link that is refused has not been one for the links around it either. @param {() => Token | undefined} read */
  #unlessRefused(read) {
    const { state } = this.lexer;
    const before = state.linkEmitted;
    const token = read();
    if (token && !allowed(token)) state.linkEmitted = before;
    return allowed(token);
  }
}

/**
 * The token, unless it leads where no text may lead; then its signs are text.
 *
 * @param {Token} [token]
 */
function allowed(token) {
  return token?.href === undefined || isAllowed(token.href) ? token : undefined;
}

/** HTML without line ends between elements, and headings below the page's own. */
class PageRenderer extends Renderer {
  /** @override @param {Token} token */
  heading({ depth = 1, tokens = [] }) {
    const level = Math.min(depth + HEADINGS_ABOVE, LOWEST_HEADING);
    return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
  }

  /** @override @param {Token} token */
  code({ text = '', lang = '' }) {
    // marked keeps the last line end only below a blank line; the page never does.
    const code = escape(text.replace(/\n$/, ''));
    return `<pre data-lang="${escape(languageOf(lang))}"><code>${code}</code></pre>`;
  }

  /** @override @param {Token} token */
  list({ ordered, start, items = [] }) {
    const tag = ordered ? 'ol' : 'ul';
    const from = ordered && start !== 1 ? ` start="${start}"` : '';
    return `<${tag}${from}>${items.map((item) => this.listitem(item)).join('')}</${tag}>`;
  }

  /** @override @param {Token} item */
  listitem({ tokens = [] }) {
    return `<li>${this.parser.parse(tokens)}</li>`;
  }

  /** @override @param {Token} token */
  del({ tokens = [] }) {
    return `<s>${this.parser.parseInline(tokens)}</s>`;
  }

  /** A sign and not a field: nothing here can be ticked. @override @param {Token} token */
  checkbox({ checked }) {
    return checked ? '☑ ' : '☐ ';
  }

  /** @override @param {Token} token */
  table({ header = [], rows = [] }) {
    const body = rows.length > 0 ? `<tbody>${rows.map((row) => this.#row(row)).join('')}</tbody>` : '';
    return `<table><thead>${this.#row(header)}</thead>${body}</table>`;
  }

  /** @param {Token[]} cells */
  #row(cells) {
    return `<tr>${cells.map((cell) => this.tablecell(cell).trimEnd()).join('')}</tr>`;
  }
}

/**
 * The language of a code block: the first word of what follows the fence, as
 * far as it looks like a name.
 *
 * @param {string} [info]
 */
export function languageOf(info = '') {
  return /^[A-Za-z0-9+#._-]{1,30}/.exec(info)?.[0] ?? '';
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
