// @ts-check
/**
 * A form that may be sent again only after some seconds: its button counts them down, and what was
 * typed stays. Read out are only the refusal, which the page brings, and the end of the wait.
 */

import { countdown } from '../lib/format.js';

/** @param {HTMLElement} form with `data-seconds` where it has to wait */
export function mount(form) {
  const until = Date.now() + Number(form.dataset['seconds'] ?? 0) * 1000;
  const button = /** @type {HTMLButtonElement | null} */ (form.querySelector('button[type="submit"]'));
  const told = form.querySelector('[role="alert"] .notice__text');
  if (!button || !(until > Date.now())) return;
  const words = button.textContent ?? '';
  button.disabled = true;
  const timer = setInterval(tick, 250);
  tick();

  function tick() {
    const left = Math.ceil((until - Date.now()) / 1000);
    /** @type {HTMLButtonElement} */ (button).textContent = left > 0 ? `Try again in ${countdown(left)}` : words;
    if (left > 0) return;
    clearInterval(timer);
    /** @type {HTMLButtonElement} */ (button).disabled = false;
    if (told) told.textContent = 'You can try again now.';
  }
}
