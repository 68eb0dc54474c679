// @ts-check
/**
 * The search of Ctrl+K, over whatever page is open: a combobox whose listbox is what the server found
 * (WAI-ARIA Authoring Practices, "Editable Combobox With List Autocomplete"). An answer that comes
 * late never replaces that of what was typed since.
 */

import { fetchFragment } from './fragment.js';
import { fromTemplate } from './template.js';

const REST = 120; // ms without a key before the server is asked

/** Opens it, with words that were typed elsewhere; false on a page without it. @param {string} [text] */
export function openFinder(text = '') {
  if (document.querySelector('dialog.finder[open]') || !document.getElementById('t-finder')) return false;
  const dialog = /** @type {HTMLDialogElement} */ (fromTemplate('t-finder'));
  document.body.append(dialog);
  dialog.showModal();
  dialog.addEventListener('close', () => dialog.remove(), { once: true });
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  connect(dialog, text);
  return true;
}

/** @param {HTMLElement} dialog @param {string} text */
function connect(dialog, text) {
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (dialog.querySelector(`[data-role="${name}"]`));
  const input = /** @type {HTMLInputElement} */ (part('input'));
  const list = part('options');
  let asked = 0;
  let timer = 0;

  /** @param {Element | null} option */
  function choose(option) {
    chosen()?.setAttribute('aria-selected', 'false');
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
  }

  const chosen = () => list.querySelector('[aria-selected="true"]');

  /** @param {number} step */
  function move(step) {
    const options = [...list.children];
    const current = chosen();
    const at = current ? options.indexOf(current) + step : step > 0 ? 0 : -1;
    choose(options.at(at % options.length) ?? null);
  }

  async function look() {
    const mine = ++asked;
    const words = input.value.trim();
    const page = words ? await fetchFragment(`/search/options?q=${encodeURIComponent(words)}`).catch(() => null) : null;
    if (mine !== asked) return;
    const found = /** @type {HTMLElement | null | undefined} */ (page?.querySelector('[data-count]'));
    list.replaceChildren(...(found?.children ?? []));
    const isOpen = list.childElementCount > 0;
    list.hidden = !isOpen;
    input.setAttribute('aria-expanded', String(isOpen));
    choose(list.firstElementChild);
    say(words, found ?? null);
  }

  /** @param {string} words @param {HTMLElement | null} found */
  function say(words, found) {
    const instead = found?.dataset['instead'];
    const count = Number(found?.dataset['count'] ?? 0);
    const trouble = words && !found ? 'The search did not answer. Type on to try again.' : '';
    const nothing = words && found && !count ? 'Nothing was found.' : '';
    const other = instead ? `Nothing has these words. Found for “${instead}”:` : '';
    part('note').textContent = trouble || nothing || other || (words ? '' : part('note').dataset['idle'] ?? '');
    part('note').hidden = !part('note').textContent;
    part('said').textContent = trouble || nothing || (count ? `${count} ${count === 1 ? 'result' : 'results'}` : '');
  }

  /** @param {Element | null} option @param {MouseEvent | KeyboardEvent} event */
  function open(option, event) {
    const address = option instanceof HTMLElement ? option.dataset['href'] : undefined;
    if (!address) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(address, '_blank', 'noopener');
    else location.assign(address);
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.childElementCount > 0) {
      event.preventDefault();
      move(step);
    } else if (event.key === 'Enter') open(chosen(), event);
  });
  list.addEventListener('click', (event) => {
    open(/** @type {Element} */ (event.target).closest('[role="option"]'), event);
  });
  input.value = text;
  input.focus();
  if (text) look();
}
