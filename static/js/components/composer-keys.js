// @ts-check
/** Enter sends, Shift+Enter breaks the line, ArrowUp in an empty field edits the last question. */

import { emit } from '../events.js';

/**
 * @param {HTMLTextAreaElement} input
 * @param {{ask: () => void, isBusy: () => boolean}} composer
 */
export function onComposerKeys(input, { ask, isBusy }) {
  input.addEventListener('keydown', (event) => {
    // The Enter that ends a composition of an input method is not a send (229: Safari's).
    if (event.isComposing || event.keyCode === 229) return;
    const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    const sends = event.key === 'Enter' && (plain || event.ctrlKey || event.metaKey);
    if (sends && !event.shiftKey) {
      event.preventDefault();
      ask();
    } else if (event.key === 'ArrowUp' && plain && input.value === '' && !isBusy()) {
      event.preventDefault();
      emit('editLast', {});
    }
  });
}
