// @ts-check
/**
 * From tokens to nodes that are safe and ready for the page. Each top-level
 * block is painted by itself, so an element that a model left open ends with
 * its block, and a block looks the same whether it came alone or with others.
 */

import { codeFigure, furnish } from './furnish.js';
import { sanitize } from './sanitize.js';

/**
 * @typedef {import('./dialect.js').Dialect} Dialect
 * @typedef {import('./dialect.js').Token} Token
 * @typedef {import('./furnish.js').Furniture} Furniture
 */

const WITHOUT_NODES = new Set(['space', 'def']);

/**
 * @param {Dialect} dialect @param {Furniture} furniture
 */
export function createPainter(dialect, furniture) {
  /** @param {string} html */
  function nodesOf(html) {
    const fragment = sanitize(html);
    furnish(fragment, furniture);
    return [...fragment.childNodes];
  }

  /**
   * The nodes of one block whose inside has been read.
   *
   * @param {Token} token
   * @returns {ChildNode[]}
   */
  function paintBlock(token) {
    if (WITHOUT_NODES.has(token.type)) return [];
    if (token.type === 'plain') return [plainText(token.raw)];
    try {
      return nodesOf(dialect.html([token])).filter((node) => !isBlank(node));
    } catch {
      // Whatever could not be painted is still what the model wrote.
      return [plainText(token.raw)];
    }
  }

  /** @param {Token[]} spans */
  const paintSpans = (spans) => nodesOf(dialect.spanHtml(spans));

  /** @param {string} language @param {string} text */
  const codeBlock = (language, text) => codeFigure(language, text, furniture);

  return { paintBlock, paintSpans, codeBlock };
}

/** @typedef {ReturnType<typeof createPainter>} Painter */

/** @param {ChildNode} node */
function isBlank(node) {
  return node.nodeType === Node.TEXT_NODE && !node.textContent?.trim();
}

/** @param {string} text */
function plainText(text) {
  const paragraph = document.createElement('p');
  paragraph.textContent = text;
  return paragraph;
}
