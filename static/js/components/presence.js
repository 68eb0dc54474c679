// @ts-check
/** Who else has the shared conversation of the page open right now. */

import { listen } from '../events.js';
import { namesOf } from '../lib/names.js';
import { slot } from './template.js';

/** @param {HTMLElement} chip hidden while nobody else is there */
export function mount(chip) {
  listen('presence', ({ conversation_id: id, people }) => {
    if (id !== chip.dataset['conversation']) return;
    const names = people.map(({ name }) => name);
    /** @type {HTMLElement} */ (slot(chip, 'text')).textContent = namesOf(names);
    chip.title = names.join(', ');
    chip.hidden = !names.length;
  });
}
