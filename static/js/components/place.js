// @ts-check
/** Which conversation the page shows: made with its first question, named in the address and on top. */

import { callApi } from '../lib/api.js';
import { emit, listen } from '../events.js';
import { placeOf } from '../lib/places.js';
import { fetchFragment } from './fragment.js';

/**
 * @param {HTMLElement} section the transcript
 */
export function createPlace(section) {
  let id = section.dataset['conversation'] ?? '';
  listen('conversation', ({ id: changed, title }) => {
    if (changed === id && title) showTitle(title);
  });

  return {
    get id() {
      return id;
    },

    /** The id of the conversation, which is made now if there is none; once, however often it is asked for. */
    async make() {
      if (id) return id;
      const made = await callApi('POST', '/api/conversations', chosenPlace());
      id = made.id;
      return id;
    },

    /** The question is stored: from now on this page is the conversation's. */
    async settle() {
      const isNew = section.dataset['conversation'] !== id;
      if (isNew || location.search) history.replaceState(null, '', `/c/${id}`);
      if (!isNew) return;
      section.dataset['conversation'] = id;
      const page = await fetchFragment(`/c/${id}`);
      const header = page.querySelector('.topbar');
      if (!header) return;
      document.querySelector('.topbar')?.replaceWith(header);
      emit('added', { root: header });
      emit('conversation', { happening: 'changed', id, title: header.querySelector('h1')?.textContent ?? '' });
    },
  };
}

/** Where a new conversation is to be, and who is to see it, as the page has it chosen. */
function chosenPlace() {
  const select = /** @type {HTMLSelectElement | null} */ (document.querySelector('select[name="place"][form]'));
  return placeOf(select?.value ?? '');
}

/**
 * Shows the title of the open conversation where the page names it.
 *
 * @param {string} title
 */
function showTitle(title) {
  const heading = document.querySelector('.topbar [data-slot="title"]');
  if (heading) heading.textContent = title;
  document.title = `${title} · ${document.body.dataset['site'] ?? 'Parley'}`;
}
