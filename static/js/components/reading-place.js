// @ts-check
/** The reader's place in the transcript: its end is followed, any other place is left alone. */

import { createFollower } from '../lib/scroll.js';

/**
 * @param {HTMLElement} section the scrolling column, reversed by the style sheet
 */
export function keepPlace(section) {
  const button = /** @type {HTMLElement | null} */ (document.querySelector('[data-role="to-end"]'));
  const follower = createFollower(section, {
    reversed: true,
    onChange: (following) => {
      if (button) button.hidden = following;
    },
  });
  button?.addEventListener('click', () => {
    follower.toEnd();
    section.focus({ preventScroll: true });
  });
  return follower;
}
