// @ts-check
/** The line above an answer that tells why somebody else writes it, or why one has to wait. */

import { detourOf } from '../lib/stage-words.js';
import { fill, setSymbol, slot } from './template.js';

/** @typedef {import('../lib/answer-state.js').AnswerState} AnswerState */

/**
 * @param {HTMLElement} article
 */
export function createDetour(article) {
  const notice = slot(article, 'detour');

  /** @param {AnswerState} state */
  function show(state) {
    if (!notice) return;
    const detour = detourOf(state);
    notice.hidden = detour === null;
    if (!detour) return;
    setSymbol(notice, detour.symbol);
    fill(notice, 'strong', detour.strong);
    fill(notice, 'text', detour.text);
  }

  return {
    show,
    /** @param {AnswerState} state */
    end(state) {
      show(state);
      if (notice?.hidden) notice.remove();
    },
  };
}
