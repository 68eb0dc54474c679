// @ts-check
/** Who has the shared conversation of the page open right now: their faces, and how many they are. */

import { listen } from '../events.js';
import { hueOf, initialOf, namesOf } from '../lib/names.js';
import { slot } from './template.js';

const FACES = 4; // of others: more would take the title's place

/** @param {HTMLElement} element with one's own face; hidden while nobody else is there */
export function mount(element) {
  const faces = /** @type {HTMLElement} */ (slot(element, 'faces'));
  const [own] = faces.children;
  listen('presence', ({ conversation_id: id, people }) => {
    if (id !== element.dataset['conversation']) return;
    const names = people.map(({ name }) => name);
    faces.replaceChildren(.../** @type {Element[]} */ ([own]), ...people.slice(0, FACES).map(faceOf));
    faces.setAttribute('aria-label', namesOf(names));
    /** @type {HTMLElement} */ (slot(element, 'count')).textContent = `${people.length + 1} here`;
    element.title = namesOf(names);
    element.hidden = !names.length;
  });
}

/** @param {{ id: string, name: string }} person */
function faceOf({ id, name }) {
  const face = document.createElement('span');
  face.className = `avatar avatar--${hueOf(id)} avatar--s is-here`;
  face.ariaHidden = 'true';
  face.textContent = initialOf(name);
  return face;
}
