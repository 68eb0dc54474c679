// @ts-check
/** The keys that work everywhere on the page; each says so on what it stands for. */

import { emit } from '../events.js';
import { openFinder } from './finder.js';

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const action = actionFor(event);
  if (action?.()) event.preventDefault();
});

/** @param {KeyboardEvent} event @returns {(() => boolean) | undefined} true when it did something */
function actionFor(event) {
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  const key = event.key.toLowerCase();
  if (command && !event.shiftKey && key === 'k') return openFinder;
  if (command && event.shiftKey && key === 'o') return newChat;
  if (key === '/' && !command && !event.altKey && !isTyping(event)) return focusComposer;
  if (key === 'escape') return escape;
  return undefined;
}

// The field of the sidebar leads to the same place, with what was typed into it meanwhile.
for (const kind of ['click', 'input']) {
  document.addEventListener(kind, (event) => {
    const field = event.target instanceof Element ? event.target.closest('[data-action="find"]') : null;
    if (!(field instanceof HTMLInputElement)) return;
    openFinder(field.value);
    field.value = '';
    field.blur();
  });
}

function newChat() {
  const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector('[data-action="new-chat"]'));
  if (link) location.assign(link.href);
  return !!link;
}

function focusComposer() {
  const input = /** @type {HTMLElement | null} */ (document.querySelector('.composer [data-role="input"]'));
  input?.focus();
  return !!input;
}

/** Whatever lies open above the page closes by itself; only then does Esc mean the answer. */
function escape() {
  if (document.querySelector('dialog[open], :popover-open')) return false;
  emit('escape', {});
  return true;
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return target.isContentEditable || target.matches('input, textarea, select');
}
