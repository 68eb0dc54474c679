// @ts-check
/** The page Models: a test without leaving the page, and the question before a provider is deleted. */

import { csrfHeaders } from '../lib/api.js';
import { emit } from '../events.js';
import { problemOf } from '../lib/problem.js';
import { confirmed } from './confirm.js';
import { fill } from './template.js';

/** @param {HTMLElement} list */
export function mount(list) {
  list.addEventListener('submit', (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.dataset['role'] !== 'test') return;
    event.preventDefault();
    test(form);
  });
  list.addEventListener('click', (event) => {
    const summary = /** @type {HTMLElement} */ (event.target).closest('[data-ask="delete"] > summary');
    if (!summary) return;
    event.preventDefault();
    remove(/** @type {HTMLElement} */ (summary.parentElement));
  });
}

/** @param {HTMLFormElement} form */
async function test(form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  const place = /** @type {HTMLElement} */ (form.closest('.row')?.querySelector('[data-role="tried"]'));
  if (button.getAttribute('aria-disabled')) return;
  button.setAttribute('aria-disabled', 'true');
  fill(button, 'label', 'Testing…');
  place.replaceChildren();
  try {
    place.replaceChildren(...(await ask(form)).childNodes);
  } catch (problem) {
    emit('toast', { text: /** @type {Error} */ (problem).message, kind: 'bad' });
  } finally {
    fill(button, 'label', 'Test');
    button.removeAttribute('aria-disabled');
  }
}

/** The fragment that says what came of it. @param {HTMLFormElement} form @returns {Promise<HTMLElement>} */
async function ask(form) {
  const response = await fetch(`${form.action}?part`, {
    method: 'POST',
    headers: { Accept: 'text/html', ...csrfHeaders() },
    body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
    credentials: 'same-origin',
  });
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return document.adoptNode(new DOMParser().parseFromString(text, 'text/html').body);
}

/** With a dialog to ask in, the question inside the menu is one too many. @param {HTMLElement} question */
async function remove(question) {
  const isSure = await confirmed({
    title: `Delete ${question.dataset['name']}?`,
    text: 'It is forgotten with its key. The answers that it wrote stay.',
    confirm: 'Delete for good',
  });
  if (isSure) question.querySelector('form')?.submit();
}
