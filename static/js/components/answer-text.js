// @ts-check
/**
 * The text of one answer. What the server rendered stays until there is something newer; from then
 * on the text is only ever appended to, unless the run itself withdraws it.
 */

import { copyIcon } from './copying.js';
import { createStreamingMarkdown } from '../lib/markdown.js';
import { fill, slot } from './template.js';

/** @typedef {import('../lib/answer-state.js').AnswerState} AnswerState */

/**
 * @param {HTMLElement} article
 */
export function createAnswerText(article) {
  const content = /** @type {HTMLElement} */ (slot(article, 'content'));
  /** @type {ReturnType<typeof createStreamingMarkdown> | null} */
  let markdown = null;
  let rewrites = 0;
  let length = 0;
  let knowsSources = false;

  /** @param {AnswerState} state */
  function show(state) {
    if (!markdown && state.text === '') return;
    const takesOver = !markdown;
    markdown ??= begin(state);
    if (!knowsSources && sourcesOf(state)) {
      knowsSources = true;
      markdown.setSources(sourcesOf(state) ?? []);
    }
    // Painted at once where it takes the place of the server's: nobody sees an empty answer.
    if (takesOver || state.rewrites !== rewrites) markdown.replace(state.text);
    else markdown.push(state.text.slice(length));
    ({ rewrites } = state);
    ({ length } = state.text);
  }

  /** @param {AnswerState} state */
  function begin(state) {
    const sources = sourcesOf(state);
    knowsSources = sources !== null;
    ({ rewrites } = state);
    // The style sheet draws the cursor while the text is busy.
    return createStreamingMarkdown(content, {
      sources: sources ?? [], messageId: state.messageId, cursor: false, copyIcon: copyIcon(),
    });
  }

  return {
    show,
    /** @param {AnswerState} state */
    finish(state) {
      show(state);
      markdown?.finish();
      content.removeAttribute('aria-busy');
      content.removeAttribute('aria-label');
      if (markdown || state.status === 'complete') fill(article, 'raw', state.text);
    },
  };
}

/** @param {AnswerState} state @returns {any[] | null} */
function sourcesOf({ context, metadata }) {
  return context?.sources ?? metadata?.sources ?? null;
}
