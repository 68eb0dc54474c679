// @ts-check
/** The row of one file that is being added: its name, what happens to it, what became of it. */

import { fill, slot } from './template.js';

const MEGABYTE = 1024 * 1024;

/** @param {HTMLElement} row @param {File} file */
export function nameRow(row, file) {
  fill(row, 'name', file.name);
  fill(row, 'size', sizeOf(file.size));
  slot(row, 'bar')?.setAttribute('aria-label', file.name);
  nameButton(row, row.classList.contains('upload--bad') ? 'Dismiss' : 'Cancel', file);
  return row;
}

/** @param {HTMLElement} row @param {string} verb @param {File} file */
function nameButton(row, verb, file) {
  const button = /** @type {HTMLElement | null} */ (row.querySelector('.icon-btn'));
  button?.setAttribute('aria-label', `${verb} ${file.name}`);
  if (button) button.title = verb;
}

/** @param {HTMLElement} row @param {number} share what has been sent, 0 to 1 */
export function showProgress(row, share) {
  const bar = /** @type {HTMLProgressElement | null} */ (slot(row, 'bar'));
  const percent = Math.floor(share * 100);
  fill(row, 'state', share < 1 ? `Uploading, ${percent} %` : 'Reading');
  if (share < 1 && bar) bar.value = percent;
  else bar?.removeAttribute('value');
}

/**
 * @param {HTMLElement} row @param {File} file
 * @param {import('../lib/send-file.js').Added} made
 */
export function showDone(row, file, { duplicate, passages }) {
  slot(row, 'bar')?.remove();
  nameButton(row, 'Dismiss', file);
  const count = `Added, ${passages} ${passages === 1 ? 'passage' : 'passages'}`;
  fill(row, 'state', duplicate ? 'In the library already' : count);
}

/** @param {File} file @param {number} limit */
export function tooLarge(file, limit) {
  return `It has ${sizeOf(file.size)}, and a document may have ${sizeOf(limit)}. Split it into smaller ones.`;
}

/** @param {number} bytes */
function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < MEGABYTE) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0).replace('.0', '')} MB`;
}
