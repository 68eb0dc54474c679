// @ts-check
/**
 * What the writer of an answer thinks: open to be read until the answer itself begins, then folded
 * away. Whoever has opened or closed it by hand decides.
 */

import { createFollower } from '../lib/scroll.js';
import { thoughtWords } from '../lib/stage-words.js';
import { createGrowingText } from './growing-text.js';
import { fill, slot } from './template.js';

/** @typedef {import('../lib/answer-state.js').AnswerState} AnswerState */

const THINKING = 'Thinking';
const THOUGHT = 'How it was thought through';

/**
 * @param {HTMLElement} article
 */
export function createThinking(article) {
  const box = /** @type {HTMLDetailsElement} */ (slot(article, 'thinking'));
  const place = box && slot(box, 'thinking-text');
  if (!place) return { show() {}, reveal: () => false, end() {} };
  const growing = createGrowingText(place, () => ({ breaks: true }));
  const follower = createFollower(/** @type {HTMLElement} */ (place.parentElement));
  // An answer that goes on may have been opened before.
  let isByHand = box.open && !!slot(article, 'content')?.hasChildNodes();
  let leaps = 0;
  let isFolded = false;

  // Keys click too; what this script does to `open` does not.
  box.querySelector('summary')?.addEventListener('click', () => {
    isByHand = true;
  });

  /** @param {boolean} open */
  function turn(open) {
    if (!isByHand) box.open = open;
  }

  /** @param {AnswerState} state */
  function show(state) {
    const { thinking, text, stages } = state;
    if (thinking === '' && !growing.hasBegun) return;
    growing.show(thinking, state.leaps !== leaps || text !== '');
    ({ leaps } = state);
    box.hidden = thinking === '';
    if (isFolded !== (text !== '')) {
      isFolded = text !== '';
      if (isFolded) turn(false);
    }
    if (!isFolded && thinking !== '') turn(true);
    name(text === '' && state.status === 'running' ? THINKING : thoughtWords(stages));
  }

  /** What the server has named stays. @param {string | null} title */
  function name(title) {
    if (title !== null) fill(box, 'thinking-title', title);
    else if (slot(box, 'thinking-title')?.textContent === THINKING) fill(box, 'thinking-title', THOUGHT);
  }

  return {
    show,

    /** @returns {boolean} whether there is more to be shown */
    reveal() {
      const isBehind = growing.reveal();
      if (box.open && !isFolded) follower.grew();
      return isBehind;
    },

    /** @param {AnswerState} state */
    end(state) {
      show(state);
      growing.finish();
      turn(false);
      if (!state.thinking) box.remove();
    },
  };
}
