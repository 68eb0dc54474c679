// @ts-check
/**
 * The overview of the admins, kept up to date while it is looked at: its figures are fetched every few
 * seconds, as the server renders them. What was opened in it stays open, and the focus where it was.
 */

import { browserWake } from '../lib/wake.js';
import { fetchFragment } from './fragment.js';
import { fill } from './template.js';

/** Seconds between two looks, by how far the page looks back. @type {Record<string, number>} */
const SECONDS = { hour: 5, day: 10, month: 30 };

/** @param {HTMLElement} page */
export function mount(page) {
  const place = /** @type {HTMLElement} */ (page.querySelector('[data-role="figures"]'));
  const late = /** @type {HTMLElement} */ (page.querySelector('[data-role="late"]'));
  const period = /** @type {HTMLFormElement} */ (document.querySelector('form[data-role="period"]'));
  const select = /** @type {HTMLSelectElement} */ (period.elements.namedItem('past'));
  const wake = browserWake();
  let timer = 0;
  let asked = 0;
  let current = Date.now();

  async function refresh() {
    clearTimeout(timer);
    const number = (asked += 1);
    try {
      const fresh = await fetchFragment(`${page.dataset['source']}?past=${select.value}`);
      if (number !== asked) return;
      show(place, fresh);
      current = Date.now();
      late.hidden = true;
    } catch {
      if (number !== asked) return;
      tell();
    }
    place.removeAttribute('aria-busy');
    if (!wake.isHidden()) later();
  }

  function later() {
    timer = window.setTimeout(refresh, (SECONDS[select.value] ?? 10) * 1000);
  }

  /** A notice that is told once, and says since when. */
  function tell() {
    if (!late.hidden) return;
    const at = new Date(current).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    fill(late, 'text', `${wake.isOnline() ? 'The server does not answer' : 'You are offline'}. These figures are of ${at}; they go on by themselves.`);
    late.hidden = false;
  }

  select.addEventListener('change', () => {
    place.setAttribute('aria-busy', 'true');
    history.replaceState(history.state, '', `?past=${select.value}`);
    refresh();
  });
  wake.subscribe(refresh, () => clearTimeout(timer));
  later();
}

/**
 * Put fresh figures in the place of the former ones.
 *
 * @param {HTMLElement} place @param {HTMLElement} fresh
 */
function show(place, fresh) {
  const open = [...place.querySelectorAll('details[open]')].map((one) => one.id);
  const scrolled = [...place.querySelectorAll('details[open] .table-wrap')].map((one) => one.scrollTop);
  const focused = place.contains(document.activeElement) ? [...focusable(place)].indexOf(/** @type {HTMLElement} */ (document.activeElement)) : -1;
  for (const one of fresh.querySelectorAll('details')) one.open = open.includes(one.id);
  place.replaceChildren(...fresh.childNodes);
  place.querySelectorAll('details[open] .table-wrap').forEach((one, n) => (one.scrollTop = scrolled[n] ?? 0));
  if (focused >= 0) focusable(place)[focused]?.focus({ preventScroll: true });
}

/** @param {HTMLElement} place @returns {NodeListOf<HTMLElement>} */
function focusable(place) {
  return place.querySelectorAll('a[href], summary, [tabindex="0"]');
}
