// @ts-check
/** The list of conversations: brought up to date by news, longer on demand. */

import { fetchFragment } from './fragment.js';
import { fill, fromTemplate, slot } from './template.js';

/** @param {HTMLElement} side */
export function createConversationList(side) {
  const groups = /** @type {HTMLElement} */ (side.querySelector('[data-role="groups"]'));

  /** @param {string} id */
  const rowOf = (id) => groups.querySelector(`[data-conversation="${CSS.escape(id)}"]`);

  /** @param {string} id @param {string} title */
  function put(id, title) {
    const row = rowOf(id) ?? newRow(id);
    if (title) fill(row, 'title', title);
    markCurrent();
  }

  /** @param {string} id */
  function newRow(id) {
    const row = fromTemplate('t-conversation-row');
    row.dataset['conversation'] = id;
    const link = row.querySelector('a');
    link?.setAttribute('href', `/c/${id}`);
    const live = slot(row, 'live');
    if (live) live.hidden = true;
    today().prepend(row);
    side.querySelector('[data-role="no-conversations"]')?.remove();
    return row;
  }

  function today() {
    const first = /** @type {HTMLElement | null} */ (groups.querySelector('[data-group="Today"]'));
    const group = first ?? fromTemplate('t-today');
    const pinned = groups.querySelector('[data-group="Pinned"]');
    if (!first && pinned) pinned.after(group);
    else if (!first) groups.prepend(group);
    return /** @type {HTMLElement} */ (group.querySelector('ul'));
  }

  function markCurrent() {
    for (const link of side.querySelectorAll('.nav-row[href^="/c/"], [data-action="new-chat"]')) {
      const isHere = link.getAttribute('href') === location.pathname;
      link.toggleAttribute('aria-current', isHere);
      if (isHere) link.setAttribute('aria-current', 'page');
    }
  }

  /** A day without conversations has no heading. */
  function tidy() {
    for (const group of groups.querySelectorAll('[data-group]')) {
      if (!group.querySelector('[data-conversation]')) group.remove();
    }
  }

  /** @param {string} id */
  function remove(id) {
    rowOf(id)?.remove();
    tidy();
  }

  /** @param {string} id @param {boolean} running */
  function setRunning(id, running) {
    const row = rowOf(id);
    const live = row && slot(row, 'live');
    if (live) live.hidden = !running;
    if (row && running && !row.closest('[data-group="Pinned"]')) today().prepend(row);
    tidy();
  }

  async function reload() {
    const page = await fetchFragment(location.pathname + location.search).catch(() => null);
    const fresh = page?.querySelector('[data-role="groups"]');
    const spaces = page?.querySelector('[data-role="spaces"]');
    if (!fresh) return;
    groups.replaceChildren(...fresh.children);
    if (spaces) side.querySelector('[data-role="spaces"]')?.replaceWith(spaces);
  }

  async function more(/** @type {HTMLElement} */ link) {
    const page = await fetchFragment(`/c/more?before=${link.dataset['next']}`).catch(() => null);
    const fresh = /** @type {HTMLElement | null | undefined} */ (page?.querySelector('[data-next]'));
    if (!fresh) return;
    merge(fresh);
    link.dataset['next'] = fresh.dataset['next'];
    if (!fresh.dataset['next']) link.closest('li')?.remove();
  }

  /** A group that goes on keeps its one heading. @param {Element} fresh */
  function merge(fresh) {
    for (const group of [...fresh.children]) {
      const last = groups.lastElementChild;
      const isSame = last?.getAttribute('data-group') === group.getAttribute('data-group');
      if (isSame) last?.querySelector('ul')?.append(...(group.querySelector('ul')?.children ?? []));
      else groups.append(group);
    }
  }

  side.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = /** @type {HTMLElement | null | undefined} */ (target?.closest('[data-role="more"]'));
    if (!link) return;
    event.preventDefault();
    more(link);
  });

  return { put, remove, setRunning, reload };
}
