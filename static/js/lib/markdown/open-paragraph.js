// @ts-check
/**
 * A paragraph that is still being written. What can no longer change is kept:
 * text up to a space before which nothing is open, no emphasis, bracket, code
 * or address. Only what follows is read again.
 */

import { settledLength } from './settled-length.js';

/**
 * @typedef {import('./dialect.js').Token} Token
 * @typedef {import('./stream-context.js').StreamContext} StreamContext
 */

const WORTH_SETTLING = 400;

/** @param {StreamContext} context */
export function createOpenParagraph({ readSpan, painter }) {
  const element = document.createElement('p');
  let settled = '';
  /** @type {ChildNode[]} */
  let provisional = [];

  /** @param {string} text */
  function settle(text) {
    element.append(...painter.paintSpans(readSpan(text)));
    settled += text;
  }

  function withdraw() {
    for (const node of provisional) node.remove();
    provisional = [];
  }

  return {
    element,

    /**
     * Shows the text; false when it does not go on with what was shown.
     *
     * @param {string} text
     */
    show(text) {
      if (!text.startsWith(settled)) return false;
      let open = text.slice(settled.length);
      let spans = readSpan(open);
      withdraw();
      const length = open.length > WORTH_SETTLING ? settledLength(spans) : 0;
      if (length > 0) {
        settle(open.slice(0, length));
        open = open.slice(length);
        spans = readSpan(open);
      }
      provisional = painter.paintSpans(spans);
      element.append(...provisional);
      return true;
    },
  };
}

/** @typedef {ReturnType<typeof createOpenParagraph>} OpenParagraph */
