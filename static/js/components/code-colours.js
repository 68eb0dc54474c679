// @ts-check
/** Colours for the code blocks that the server rendered; those of a streamed answer have theirs. */

import { listen } from '../events.js';
import { highlightIn } from '../lib/markdown/highlight.js';

/** @param {HTMLElement} column */
export function colourCode(column) {
  const colour = () => highlightIn(column.querySelectorAll('figure.code:not(:has([data-coloured]))'));
  listen('added', colour);
  colour();
}
