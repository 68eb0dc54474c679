// @ts-check
/**
 * A text that grows on the page, shown evenly although it arrives in pieces. What the server
 * rendered stays until there is something newer.
 *
 * Keeps true: the text is only ever appended to, unless it was replaced; at the end, in a hidden
 * page and for who wants less motion, all of it is there at once.
 */

import { createSmoothing } from '../lib/smoothing.js';
import { endOfWord } from '../lib/text-ends.js';
import { createStreamingMarkdown } from '../lib/markdown.js';

/** @typedef {import('../lib/markdown.js').MarkdownOptions} MarkdownOptions */

const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * @param {HTMLElement} container @param {() => MarkdownOptions} options asked for when it begins
 */
export function createGrowingText(container, options) {
  const smoothing = createSmoothing();
  /** @type {ReturnType<typeof createStreamingMarkdown> | null} */
  let markdown = null;
  let text = '';
  let painted = 0;

  /** Everything, at once. @param {string} whole */
  function replace(whole) {
    // The style sheet draws the cursor while the text is busy.
    markdown ??= createStreamingMarkdown(container, { ...options(), cursor: false });
    markdown.replace(whole);
    text = whole;
    painted = whole.length;
    smoothing.showAll(painted, performance.now());
  }

  /** @param {number} end */
  function paintTo(end) {
    markdown?.push(text.slice(painted, end));
    painted = end;
  }

  return {
    /**
     * The text is `whole` now; `atOnce` where it was not just written.
     *
     * @param {string} whole @param {boolean} [atOnce]
     */
    show(whole, atOnce = false) {
      if (!markdown || !whole.startsWith(text)) return replace(whole);
      text = whole;
      if (!atOnce) return smoothing.arrived(whole.length, performance.now());
      smoothing.showAll(whole.length, performance.now());
      return paintTo(whole.length);
    },

    /** Shows what is due by now. @returns {boolean} whether there is more */
    reveal() {
      if (painted === text.length) return false;
      if (document.hidden || lessMotion.matches) smoothing.showAll(text.length, performance.now());
      paintTo(endOfWord(text, painted, smoothing.shown(performance.now())));
      return painted < text.length;
    },

    finish() {
      paintTo(text.length);
      markdown?.finish();
    },

    /** @param {import('../lib/markdown.js').Source[]} sources */
    setSources(sources) {
      paintTo(text.length);
      markdown?.setSources(sources);
    },

    get hasBegun() {
      return markdown !== null;
    },
  };
}
