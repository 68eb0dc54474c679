// @ts-check
/** The text of one answer, with links where it names its sources. */

import { copyIcon } from './copying.js';
import { createGrowingText } from './growing-text.js';
import { fill, slot } from './template.js';

/** @typedef {import('../lib/answer-state.js').AnswerState} AnswerState */

/**
 * @param {HTMLElement} article
 */
export function createAnswerText(article) {
  const content = /** @type {HTMLElement} */ (slot(article, 'content'));
  let messageId = '';
  /** @type {any[]} */
  let sources = [];
  let leaps = 0;
  const growing = createGrowingText(content, () => ({ sources, messageId, copyIcon: copyIcon() }));

  /** @param {AnswerState} state */
  function show(state) {
    // Nothing is known yet; what the server rendered stays.
    if (!growing.hasBegun && state.text === '' && !state.leaps && !state.resetReason) return;
    ({ messageId } = state);
    takeSources(state);
    growing.show(state.text, state.leaps !== leaps || state.status === 'complete');
    ({ leaps } = state);
  }

  /** They may come late, and change. @param {AnswerState} state */
  function takeSources({ context, metadata }) {
    const known = context?.sources ?? metadata?.sources;
    if (!known || known === sources) return;
    sources = known;
    if (growing.hasBegun) growing.setSources(known);
  }

  return {
    show,
    reveal: growing.reveal,
    /** @param {AnswerState} state */
    finish(state) {
      show(state);
      growing.finish();
      content.removeAttribute('aria-busy');
      content.removeAttribute('aria-label');
      content.removeAttribute('role');
      if (growing.hasBegun || state.status === 'complete') fill(article, 'raw', state.text);
    },
  };
}
