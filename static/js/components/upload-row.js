// @ts-check
/** The row of one file that is added: its name, what happens to it, what became of it. */

import { fill, setSymbol, slot } from './template.js';

const MEGABYTE = 1024 * 1024;

/** @typedef {import('../lib/send-file.js').Upload} Upload */

/** @param {HTMLElement} row @param {{name: string, size: number}} file */
export function nameRow(row, file) {
  fill(row, 'name', file.name);
  fill(row, 'size', sizeOf(file.size));
  slot(row, 'bar')?.setAttribute('aria-label', file.name);
  nameButton(row);
  return row;
}

/**
 * What the page itself knows: that it waits, and how much is sent.
 *
 * @param {HTMLElement} row @param {number | null} share what has been sent, 0 to 1; null while it waits
 */
export function showSending(row, share) {
  setState(row, 'sending');
  const percent = Math.floor((share ?? 0) * 100);
  fill(row, 'state', share === null ? 'Waiting' : `Uploading, ${percent} %`);
  showBar(row, share === null ? null : percent, 100);
}

/** It is being taken back. @param {HTMLElement} row */
export function showCancelling(row) {
  fill(row, 'state', 'Cancelling');
  showBar(row, null, 100);
}

/** What the server knows of an upload. @param {HTMLElement} row @param {Upload} upload */
export function showUpload(row, upload) {
  row.dataset['upload'] = upload.id;
  setState(row, upload.state);
  fill(row, 'state', upload.message);
  showBar(row, upload.total ? upload.done : null, upload.total);
  const [first] = upload.refused;
  const single = upload.refused.length === 1 && first?.name === upload.name;
  fill(row, 'why', single && first ? first.detail : 'None of its files could be read.');
  showRefused(row, single ? [] : upload.refused);
  showActs(row, upload.retryable ?? false);
  const open = slot(row, 'open');
  const [document, ...others] = upload.documents ?? [];
  if (document) open?.setAttribute('href', `/library/${document.id}`);
  show(open, document !== undefined && others.length === 0);
  nameButton(row);
}

/**
 * A file that did not reach the server.
 *
 * @param {HTMLElement} row @param {string} why @param {boolean} retryable
 */
export function showFailure(row, why, retryable) {
  setState(row, 'failed');
  fill(row, 'why', why);
  showRefused(row, []);
  showActs(row, retryable);
  nameButton(row);
}

/** @param {HTMLElement} row @param {string} state */
function setState(row, state) {
  row.dataset['state'] = state;
  const failed = state === 'failed';
  row.classList.toggle('upload--bad', failed);
  setSymbol(row, failed ? 'alert' : 'file');
  show(slot(row, 'state'), !failed);
  show(row.querySelector('.upload__why'), failed);
  show(slot(row, 'bar'), !isOver(row));
}

/** @param {HTMLElement} row */
export function isOver(row) {
  return row.dataset['state'] === 'done' || row.dataset['state'] === 'failed';
}

/** @param {HTMLElement} row @param {number | null} value @param {number} max */
function showBar(row, value, max) {
  const bar = /** @type {HTMLProgressElement | null} */ (slot(row, 'bar'));
  if (!bar) return;
  if (value === null) {
    bar.removeAttribute('value');
    return;
  }
  bar.max = max;
  bar.value = value;
}

/** @param {HTMLElement} row @param {{name: string, detail: string}[]} refused */
function showRefused(row, refused) {
  const list = slot(row, 'refused');
  list?.replaceChildren(...refused.map(({ name, detail }) => {
    const item = document.createElement('li');
    const file = document.createElement('b');
    file.textContent = name;
    item.append(file, ` ${detail}`);
    return item;
  }));
  show(list, refused.length > 0);
}

/** @param {HTMLElement} row @param {boolean} retryable */
function showActs(row, retryable) {
  const failed = row.dataset['state'] === 'failed';
  show(slot(row, 'retry'), failed && retryable);
  show(row.querySelector('[data-action="choose"]'), failed && !retryable);
}

/** @param {HTMLElement} row */
function nameButton(row) {
  const button = /** @type {HTMLElement | null} */ (row.querySelector('[data-action="dismiss"]'));
  if (!button) return;
  const verb = isOver(row) ? 'Dismiss' : 'Cancel';
  button.title = verb;
  button.setAttribute('aria-label', `${verb} ${slot(row, 'name')?.textContent ?? ''}`);
}

/** @param {Element | null} element @param {boolean} shown */
function show(element, shown) {
  if (element instanceof HTMLElement) element.hidden = !shown;
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
