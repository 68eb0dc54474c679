// @ts-check
/**
 * The panel "Why this answer": closes by its button and by Esc, and gives the focus back. What has to
 * be looked up for it is asked for when it is first opened.
 */

import { fetchFragment } from './fragment.js';

/** @param {HTMLElement} element */
export function mount(element) {
  const why = /** @type {HTMLDetailsElement} */ (element);
  const complete = completeOnce(why);
  const close = () => {
    if (!why.open) return;
    why.open = false;
    why.querySelector('summary')?.focus();
  };
  why.querySelector('[data-action="close-why"]')?.addEventListener('click', close);
  why.addEventListener('toggle', () => {
    if (!why.open) return;
    /** @type {HTMLElement | null} */ (why.querySelector('.panel__body'))?.focus({ preventScroll: true });
    complete();
  });
  if (why.open) complete(); // somebody was faster than this script
  why.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !why.open) return;
    event.preventDefault();
    close();
  });
}

/** Fills the parts, once; when that fails, the next opening tries again. @param {HTMLElement} why */
function completeOnce(why) {
  let begun = false;
  return async () => {
    const address = why.dataset['more'];
    if (begun || !address) return;
    begun = true;
    try {
      fillParts(why, await fetchFragment(address));
    } catch {
      begun = false;
      const said = why.querySelector('[data-part="tone"] [role="status"]');
      if (said) said.textContent = 'This could not be loaded. Close the panel and open it again.';
    }
  };
}

/** @param {HTMLElement} why @param {HTMLElement} fresh */
function fillParts(why, fresh) {
  for (const name of ['concepts', 'tone']) {
    const [old, made] = [partOf(why, name), partOf(fresh, name)];
    if (old && made) old.replaceWith(made);
  }
  // A source stays the element that a link may have led to; only what is in it becomes more.
  for (const source of fresh.querySelectorAll('article.source')) {
    const old = why.querySelector(`#${CSS.escape(source.id)}`);
    if (old && !old.contains(document.activeElement)) old.replaceChildren(...source.childNodes);
  }
}

/** @param {HTMLElement} root @param {string} name */
function partOf(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}
