// @ts-check
/** The page of search: what was found follows the words and the filters, and so does the address. */

import { emit } from '../events.js';
import { fetchFragment } from './fragment.js';

const REST = 150; // ms without a key before the server is asked

/** @param {HTMLElement} element */
export function mount(element) {
  const form = /** @type {HTMLFormElement} */ (element);
  let asked = 0;
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    const mine = ++asked;
    const wanted = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    for (const [name, value] of [...wanted]) if (!value) wanted.delete(name);
    try {
      const page = await fetchFragment(`/search/results?${wanted}`);
      if (mine === asked) show(page, wanted);
    } catch (problem) {
      if (mine === asked) emit('toast', { text: /** @type {Error} */ (problem).message, kind: 'bad' });
    }
  }

  /** @param {HTMLElement} page @param {URLSearchParams} wanted */
  function show(page, wanted) {
    const fresh = /** @type {HTMLElement | null} */ (page.querySelector('[data-role="results"]'));
    if (!fresh) return;
    const [talks, documents] = [Number(fresh.dataset['conversations']), Number(fresh.dataset['documents'])];
    const counts = /** @type {Record<string, number>} */ ({ all: talks + documents, conversations: talks, documents });
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-count]'))) {
      place.textContent = wanted.get('q') ? String(counts[place.dataset['count'] ?? '']) : '';
    }
    document.querySelector('main [data-role="results"]')?.replaceWith(fresh);
    const said = document.querySelector('main [data-role="said"]');
    if (said) said.textContent = fresh.querySelector('h2')?.textContent ?? '';
    history.replaceState(history.state, '', `/search${wanted.size ? '?' : ''}${wanted}`);
  }

  form.addEventListener('input', (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.type !== 'search') return;
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  });
  form.addEventListener('change', look);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    look();
  });
}
