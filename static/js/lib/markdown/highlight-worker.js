// @ts-check
/**
 * Reads code for its colours, beside the page and not in it: loading the
 * highlighter and reading a long block each take longer than a frame.
 */

import highlighter from '../../../vendor/highlight.js';

/** @typedef {{id: number, text: string, language: string}} Request */
/** @typedef {{id: number, html: string | null}} Reply null: a language nobody knows */

self.addEventListener('message', (/** @type {MessageEvent<Request>} */ { data }) => {
  const { id, text, language } = data;
  const isKnown = highlighter.getLanguage(language) !== undefined;
  const html = isKnown ? highlighter.highlight(text, { language, ignoreIllegals: true }).value : null;
  self.postMessage(/** @type {Reply} */ ({ id, html }));
});
