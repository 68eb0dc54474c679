// @ts-check
/** What can be done with the open conversation, without leaving the page: rename, archive, move, delete. */

import { callApi } from '../lib/api.js';
import { placeOf } from '../lib/places.js';
import { emit } from '../events.js';
import { confirmed } from './confirm.js';
import { closeMenu } from './menu.js';

/** @param {HTMLElement} element */
export function mount(element) {
  const menu = /** @type {HTMLDetailsElement} */ (element);
  const actions = /** @type {Record<string, (id: string, form: HTMLFormElement) => Promise<void>>} */ ({
    rename, pin, archive, move, delete: remove,
  });
  const transcript = /** @type {HTMLElement | null} */ (document.querySelector('.transcript'));
  const id = transcript?.dataset['conversation'] ?? '';

  menu.addEventListener('submit', async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const act = actions[form.dataset['action'] ?? ''];
    if (!act) return;
    event.preventDefault();
    closeMenu(menu);
    try {
      await act(id, form);
    } catch (problem) {
      emit('toast', { text: /** @type {Error} */ (problem).message, kind: 'bad' });
    }
  });
  // With a dialog to ask in, the question inside the menu is one too many.
  menu.querySelector('[data-ask="delete"] > summary')?.addEventListener('click', (event) => {
    event.preventDefault();
    menu.querySelector('form[data-action="delete"]')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  });
}

/** @param {string} id @param {HTMLFormElement} form */
async function rename(id, form) {
  const title = String(new FormData(form).get('title') ?? '').trim();
  if (!title) return;
  const changed = await callApi('PATCH', `/api/conversations/${id}`, { title });
  emit('conversation', { happening: 'changed', id, title: changed.title });
}

/** @param {string} id @param {HTMLFormElement} form */
async function pin(id, form) {
  const pinned = new FormData(form).get('pinned') === '1';
  await callApi('PATCH', `/api/conversations/${id}`, { pinned });
  emit('conversation', { happening: pinned ? 'pinned' : 'unpinned', id });
  const field = /** @type {HTMLInputElement | null} */ (form.querySelector('[name="pinned"]'));
  if (field) field.value = pinned ? '' : '1';
  const words = form.querySelector('button')?.lastChild;
  if (words) words.textContent = pinned ? 'Unpin' : 'Pin';
}

/** @param {string} id @param {HTMLFormElement} form */
async function archive(id, form) {
  const archived = new FormData(form).get('archived') === '1';
  await callApi('PATCH', `/api/conversations/${id}`, { archived });
  location.assign(`/c/${id}`);
}

/** @param {string} id @param {HTMLFormElement} form */
async function move(id, form) {
  const place = placeOf(String(new FormData(form).get('place') ?? ''));
  await callApi('PATCH', `/api/conversations/${id}`, place);
  location.assign(`/c/${id}`);
}

/** @param {string} id */
async function remove(id) {
  const isSure = await confirmed({
    title: 'Delete this conversation?',
    text: 'It is deleted with all its messages, for everybody. This cannot be undone.',
    confirm: 'Delete for good',
  });
  if (!isSure) return;
  await callApi('DELETE', `/api/conversations/${id}`);
  location.assign('/');
}
