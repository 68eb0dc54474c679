// @ts-check
/**
 * Tells screen readers of a running answer: its finished sentences, one after the other, and its end.
 * The words themselves change too often to be read.
 */

import { createSentences } from '../lib/sentences.js';
import { percent } from '../lib/format.js';
import { detourOf } from '../lib/stage-words.js';
import { listen } from '../events.js';
import { fill } from './template.js';

/** @typedef {import('../lib/answer-state.js').AnswerState} AnswerState */

const KEPT = 30;

/** @param {HTMLElement} region with a slot for sentences and one for short status lines */
export function mount(region) {
  const log = /** @type {HTMLElement} */ (region.querySelector('[data-slot="sentences"]'));
  let sentences = createSentences();
  let length = 0;
  let rewrites = 0;
  let leaps = 0;
  let messageId = '';
  let detour = '';

  /** @param {AnswerState} state */
  function tell(state) {
    if (state.messageId !== messageId) {
      length = leaps = 0;
      rewrites = -1;
      detour = '';
    }
    if (state.rewrites !== rewrites) {
      sentences = createSentences();
      length = 0;
    }
    // What was there before this page looked is not read out again.
    if (length === 0 && state.leaps !== leaps) ({ length } = state.text);
    ({ messageId, rewrites, leaps } = state);
    tellDetour(detourOf(state));
    say(sentences.push(state.text.slice(length)));
    ({ length } = state.text);
    if (state.status === 'complete' || state.status === 'failed') end(state);
  }

  /** Why one has to wait, or who writes instead. @param {import('../lib/stage-words.js').Detour | null} found */
  function tellDetour(found) {
    const words = found ? `${found.strong} ${found.text}` : '';
    if (words && words !== detour) fill(region, 'status', words);
    detour = words;
  }

  /** @param {AnswerState} state */
  function end(state) {
    say(sentences.finish());
    fill(region, 'status', endWords(state));
  }

  /** @param {string[]} finished */
  function say(finished) {
    for (const sentence of finished) {
      const line = document.createElement('p');
      line.textContent = sentence;
      log.append(line);
    }
    while (log.children.length > KEPT) log.firstElementChild?.remove();
  }

  listen('answer', ({ state }) => tell(state));
  listen('said', ({ text }) => fill(region, 'status', text));
}

/** @param {AnswerState} state */
function endWords({ status, stopReason, confidence, error }) {
  if (status === 'failed') return error?.message ?? 'The answer could not be finished.';
  if (stopReason === 'stopped') return 'Answer stopped.';
  return confidence === null ? 'Answer complete.' : `Answer complete, confidence ${percent(confidence)}`;
}
