// @ts-check
/** Copy buttons: a message as it was written, in Markdown, or the text of one code block. */

import { emit } from '../events.js';
import { fromTemplate, slot } from './template.js';

const SHOWN_MS = 1600;

/**
 * Answers the clicks on copy buttons within `column`.
 *
 * @param {HTMLElement} column
 */
export function answerCopying(column) {
  column.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const button = /** @type {HTMLElement | null} */ (
      target?.closest('[data-action="copy"], [data-action="copy-code"], [data-copy]')
    );
    if (button) copy(button);
  });
}

/** The address of the symbol on the page's own copy buttons. */
export function copyIcon() {
  return fromTemplate('t-code').querySelector('use')?.getAttribute('href') ?? '';
}

/** @param {HTMLElement} button */
async function copy(button) {
  const figure = button.closest('figure');
  const article = /** @type {HTMLElement} */ (button.closest('article'));
  const text = (figure?.querySelector('code') ?? slot(article, 'raw'))?.textContent;
  if (await toClipboard(text ?? '')) return showDone(button);
  return emit('toast', { text: 'Copying is not allowed here. Select the text instead.', kind: 'bad' });
}

/** @param {string} text */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/**
 * The way for plain http, where there is no clipboard of scripts.
 *
 * @param {string} text
 */
function copyBySelection(text) {
  const onCopy = (/** @type {ClipboardEvent} */ event) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', onCopy, { once: true });
  const done = document.execCommand('copy');
  document.removeEventListener('copy', onCopy);
  return done;
}

/** @param {HTMLElement} button */
function showDone(button) {
  const use = button.querySelector('use');
  const icon = use?.getAttribute('href');
  if (!use || !icon || button.dataset['done']) return;
  button.dataset['done'] = 'true';
  use.setAttribute('href', icon.replace('#i-copy', '#i-check'));
  emit('said', { text: 'Copied' });
  setTimeout(() => {
    delete button.dataset['done'];
    use.setAttribute('href', icon);
  }, SHOWN_MS);
}
