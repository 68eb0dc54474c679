// @ts-check
/** The line above an answer that tells which personal data went to a provider. */

import { warnedOf } from '../lib/personal-words.js';
import { fill, slot } from './template.js';

/** @typedef {import('../lib/answer-state.js').AnswerState} AnswerState */

/**
 * @param {HTMLElement} article
 */
export function createWarned(article) {
  const notice = slot(article, 'warned');

  /** @param {AnswerState} state */
  function show(state) {
    const warned = notice && warnedOf(state);
    if (!notice || !warned || !notice.hidden) return;
    fill(notice, 'strong', warned.strong);
    fill(notice, 'text', warned.text);
    notice.hidden = false;
  }

  return {
    show,
    end() {
      if (notice?.hidden) notice.remove();
    },
  };
}
