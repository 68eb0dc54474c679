// @ts-check
/**
 * Older messages come while the reader scrolls towards them. The column is reversed, so what is put
 * in above moves nothing that is being read.
 */

import { emit } from '../events.js';
import { fetchFragment } from './fragment.js';
import { fill, fromTemplate } from './template.js';

const AHEAD = '1200px 0px';

/**
 * @param {HTMLElement} section @param {HTMLElement} column
 */
export function loadOlder(section, column) {
  const sight = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && load(entry.target)),
    { root: section, rootMargin: AHEAD },
  );
  watch();

  function watch() {
    const marker = column.querySelector('[data-role="older"]');
    if (marker) sight.observe(marker);
  }

  /** @param {Element} element */
  async function load(element) {
    const marker = /** @type {HTMLElement} */ (element);
    sight.unobserve(marker);
    const before = [...marker.childNodes];
    marker.replaceChildren(fromTemplate('t-skeleton'));
    marker.setAttribute('aria-busy', 'true');
    try {
      const fragment = await fetchFragment(marker.dataset['url'] ?? '');
      marker.replaceWith(...fragment.children);
      emit('added', { root: column });
      watch();
    } catch {
      marker.removeAttribute('aria-busy');
      marker.replaceChildren(failure(() => load(marker)), ...before);
    }
  }

  return { watch };
}

/** @param {() => void} again */
function failure(again) {
  const notice = fromTemplate('t-failed');
  fill(notice, 'text', 'Older messages could not be loaded.');
  notice.querySelector('button')?.addEventListener('click', again);
  return notice;
}
