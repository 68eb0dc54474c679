// @ts-check
/**
 * A code block that is still being written: its lines are appended as text
 * and read by nobody, so that the hundredth line costs what the first did.
 */

import { languageOf } from './dialect.js';

/**
 * @typedef {import('./dialect.js').Token} Token
 * @typedef {import('./stream-context.js').StreamContext} StreamContext
 */

const FENCE = /^(`{3,}|~{3,})[^\n]*\n/;

/**
 * The open block for a fence without a closing line; null for other tokens,
 * and for an indented fence, whose lines lose their indent.
 *
 * @param {Token} token @param {StreamContext} context
 */
export function openFence(token, context) {
  const opening = token.type === 'code' ? FENCE.exec(token.raw) : null;
  if (!opening || token.codeBlockStyle === 'indented') return null;
  return createOpenFence(token, opening[0], opening[1] ?? '', context);
}

/** @param {Token} token @param {string} firstLine @param {string} fence @param {StreamContext} context */
function createOpenFence(token, firstLine, fence, { painter }) {
  const { figure, code } = painter.codeBlock(languageOf(token.lang), '');
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},} *$`);
  const maybeClosing = new RegExp(`^ {0,3}${fence[0]}* *$`);
  const provisional = document.createTextNode('');
  code.append(provisional);
  let started = false;
  let lines = 0;

  /** @param {string} line */
  function appendLine(line) {
    provisional.before(lines === 0 ? line : `\n${line}`);
    lines += 1;
  }

  /** @param {string} line its end included @param {boolean} final */
  function take(line, final) {
    const content = line.endsWith('\n') ? line.slice(0, -1) : line;
    if (closing.test(content)) return true;
    if (final || line.endsWith('\n')) appendLine(content);
    return false;
  }

  return {
    nodes: [/** @type {ChildNode} */ (figure)],
    // Nothing in it is ever painted anew.
    raw: () => '',
    /** @type {Token[]} */
    tokens: [],

    /**
     * Takes complete lines; says how many characters and whether it has ended.
     *
     * @param {string} source @param {boolean} final
     */
    settle(source, final) {
      let position = started ? 0 : firstLine.length;
      started = true;
      provisional.data = '';
      while (position < source.length) {
        const end = source.indexOf('\n', position);
        const next = end === -1 ? source.length : end + 1;
        const closed = take(source.slice(position, next), final);
        position = next;
        if (closed) return { length: position, ended: true };
      }
      return { length: position, ended: final };
    },

    /**
     * Shows the unfinished line, unless it may become the closing one.
     *
     * @param {string} source
     * @returns {Token[]}
     */
    show(source) {
      const hidden = source === '' || maybeClosing.test(source);
      provisional.data = hidden ? '' : lines === 0 ? source : `\n${source}`;
      return [];
    },
  };
}
