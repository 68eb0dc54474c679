// @ts-check
/**
 * The sidebar as a drawer on small screens. It opens by its address (`#sidebar`), so it works without
 * script; with one, the focus moves in, stays in, and comes back.
 */

import { listen } from '../events.js';

/** @param {HTMLElement} side */
export function createDrawer(side) {
  const drawer = /** @type {HTMLElement} */ (side.querySelector('#sidebar'));
  const main = document.getElementById('main');
  const small = matchMedia('(max-width: 860px)');
  let isOpen = false;

  function show() {
    const opens = small.matches && location.hash === '#sidebar';
    const opener = findOpener();
    opener?.setAttribute('aria-expanded', String(opens));
    if (main) main.inert = opens;
    if (opens === isOpen) return;
    isOpen = opens;
    if (opens) /** @type {HTMLElement | null} */ (drawer.querySelector('[data-action="close-sidebar"]'))?.focus();
    else opener?.focus();
  }

  function close() {
    if (isOpen) location.hash = '#main';
    history.replaceState(null, '', location.pathname + location.search);
    show();
  }

  side.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target?.closest('[data-action="close-sidebar"]')) return;
    event.preventDefault();
    close();
  });
  drawer.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !isOpen || event.defaultPrevented) return;
    event.preventDefault();
    close();
  });
  addEventListener('hashchange', show);
  small.addEventListener('change', show);
  listen('openSidebar', () => {
    location.hash = '#sidebar';
    show();
  });
  show();
}

/** The header may be another one than when the page was opened. @returns {HTMLElement | null} */
function findOpener() {
  return document.querySelector('[data-action="open-sidebar"]');
}
