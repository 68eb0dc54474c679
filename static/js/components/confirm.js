// @ts-check
/** The question before something is lost. */

import { fill, fromTemplate } from './template.js';

/**
 * Whether somebody confirms; Esc and Cancel mean no.
 *
 * @param {{title: string, text: string, confirm: string}} words
 * @returns {Promise<boolean>}
 */
export function confirmed(words) {
  const dialog = /** @type {HTMLDialogElement} */ (fromTemplate('t-confirm'));
  fill(dialog, 'title', words.title);
  fill(dialog, 'text', words.text);
  fill(dialog, 'confirm', words.confirm);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'confirm');
    }, { once: true });
  });
}
