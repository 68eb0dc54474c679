// @ts-check
/** The panel beside the graph: one concept, as the server renders it. */

import { fetchFragment } from './fragment.js';
import { actionOf, fill, fromTemplate } from './template.js';

/**
 * @param {HTMLElement} panel
 * @param {object} told
 * @param {(asked: Record<string, string>) => string} told.addressOf of the fragment
 * @param {(key: string) => void} told.onChoose another concept
 * @param {() => void} told.onClose
 */
export function createPanel(panel, { addressOf, onChoose, onClose }) {
  let wanted = '';

  /** @param {string} key @param {{all?: boolean, withFocus?: boolean}} [how] */
  async function open(key, { all = false, withFocus = false } = {}) {
    wanted = key;
    panel.hidden = false;
    panel.setAttribute('aria-busy', 'true');
    if (!panel.firstElementChild) panel.replaceChildren(fromTemplate('t-concept-waiting'));
    try {
      const body = await fetchFragment(addressOf({ concept: key, ...(all && { all: '1' }) }));
      if (wanted !== key) return;
      panel.replaceChildren(...body.children);
    } catch (error) {
      if (wanted !== key) return;
      panel.replaceChildren(fromTemplate('t-concept-failed'));
      fill(panel, 'why', /** @type {Error} */ (error).message);
    }
    panel.removeAttribute('aria-busy');
    if (withFocus) focus();
  }

  /** Opens the concept of this name, shown elsewhere or not; its key, empty where there is none. @param {string} name */
  async function find(name) {
    wanted = name;
    try {
      const body = await fetchFragment(addressOf({ name }));
      if (wanted !== name) return '';
      panel.replaceChildren(...body.children);
    } catch {
      return '';
    }
    panel.hidden = false;
    panel.removeAttribute('aria-busy');
    wanted = title()?.dataset['key'] ?? '';
    return wanted;
  }

  /** @returns {HTMLElement | null} */
  function title() {
    return panel.querySelector('[data-role="title"]');
  }

  function focus() {
    title()?.focus();
  }

  panel.addEventListener('click', (event) => {
    const link = /** @type {HTMLElement | null} */ (
      event.target instanceof Element ? event.target.closest('[data-concept]') : null);
    const action = actionOf(event)?.dataset['action'];
    if (action === 'again') open(wanted, { withFocus: true });
    else if (action === 'close-concept') onClose();
    else if (link?.dataset['all']) open(wanted, { all: true, withFocus: true });
    else if (link) onChoose(link.dataset['concept'] ?? '');
    else return;
    event.preventDefault();
  });
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  });

  return {
    open,
    find,
    close() {
      wanted = '';
      panel.hidden = true;
      panel.replaceChildren();
    },
  };
}
