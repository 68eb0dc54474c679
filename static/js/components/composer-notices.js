// @ts-check
/** What the composer says when a question was not taken, and how long to wait before the next try. */

import { countdown } from '../lib/format.js';
import { fill, fromTemplate, slot } from './template.js';

/** @typedef {import('../lib/problem.js').Problem} Problem */

/** Waiting helps these; a wait without a number of seconds is this long. */
const WAITS = /** @type {Record<string, number>} */ ({ rate_limited: 30, too_many_runs: 5 });

/**
 * @param {HTMLFormElement} form
 */
export function createComposerNotices(form) {
  const place = /** @type {HTMLElement} */ (form.querySelector('[data-role="notices"]'));
  const wait = /** @type {HTMLElement} */ (form.querySelector('[data-role="wait"]'));
  const longest = Number(form.dataset['maxChars']) || Infinity;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let until = 0;

  function clear() {
    clearInterval(timer);
    until = 0;
    place.replaceChildren();
  }

  /** @param {number} seconds @param {Problem} problem @param {() => void} onEnd */
  function countDown(seconds, problem, onEnd) {
    const notice = limitNotice(problem);
    until = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) {
        clear();
        return onEnd();
      }
      fill(wait, 'wait-time', countdown(left));
      // Read aloud once: the seconds themselves are shown on the button.
      slot(notice, 'ring')?.setAttribute('stroke-dasharray', `${(100 * left) / seconds} 100`);
    };
    place.replaceChildren(notice);
    timer = setInterval(tick, 250);
    tick();
  }

  return {
    /** Whether sending is not allowed yet. */
    get isWaiting() {
      return until > Date.now();
    },
    clear,
    /** @param {Problem | null} problem @param {() => void} onEnd */
    show(problem, onEnd) {
      clear();
      if (!problem) return;
      const known = WAITS[problem.code];
      const seconds = known && Math.ceil(problem.retryAfter ?? known);
      if (seconds) countDown(seconds, problem, onEnd);
      else place.replaceChildren(problemNotice(problem));
    },
    /** @param {string} content @returns {boolean} */
    refuseTooLong(content) {
      if (content.length <= longest) return false;
      clear();
      const [is, may] = [content.length, longest].map((n) => n.toLocaleString('en'));
      place.replaceChildren(notice('notice--warn', 'This question is too long.',
        `It has ${is} characters, and ${may} are allowed. Shorten it, or add the text to the library.`));
      return true;
    },
  };
}

/** @param {Problem} problem */
function limitNotice(problem) {
  const element = fromTemplate('t-limit');
  element.removeAttribute('role');
  fill(element, 'strong', problem.detail || problem.title);
  fill(element, 'text', 'Your draft is safe.');
  return element;
}

/** @param {Problem} problem */
function problemNotice({ title, detail }) {
  return notice('notice--bad', detail && title !== detail ? `${title}.` : '', detail || title);
}

/** @param {string} kind @param {string} strong @param {string} text */
function notice(kind, strong, text) {
  const element = fromTemplate('t-notice');
  element.classList.add(kind);
  element.removeAttribute('role'); // its place is the live region
  fill(element, 'strong', strong);
  fill(element, 'text', text);
  slot(element, 'acts')?.remove();
  return element;
}
