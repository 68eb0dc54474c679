// @ts-check
/**
 * The quote behind a marker [n]: opens where the marker is, by pointer, touch and keyboard. While an
 * answer is still written its sources come from the run; afterwards from what the page shows of it.
 */

import { listen } from '../events.js';
import { fill, fromTemplate } from './template.js';

/** @typedef {{n: number, title: string, quote: string, href: string}} Source */

/** @param {HTMLElement} column */
export function answerCitations(column) {
  /** @type {Map<string, Source[]>} by message, for answers that are not settled */
  const running = new Map();
  /** @type {HTMLElement | null} */
  let popover = null;

  function close() {
    popover?.remove();
    popover = null;
    column.querySelector('.cite[aria-expanded]')?.removeAttribute('aria-expanded');
  }

  /** @param {HTMLElement} cite @param {HTMLElement} article */
  function open(cite, article) {
    const n = Number(cite.dataset['source']);
    const source = storedSource(article, n)
      ?? running.get(article.dataset['messageId'] ?? '')?.find((one) => one.n === n);
    if (!source) return false;
    close();
    popover = quotePopover(source);
    cite.after(popover);
    cite.setAttribute('aria-expanded', 'true');
    popover.showPopover();
    placeBy(popover, cite);
    popover.addEventListener('toggle', (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === 'closed') close();
    });
    popover.querySelector('a')?.focus({ preventScroll: true });
    return true;
  }

  column.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const cite = /** @type {HTMLElement | null | undefined} */ (target?.closest('a.cite'));
    const article = /** @type {HTMLElement | null | undefined} */ (cite?.closest('article'));
    if (cite && article && open(cite, article)) event.preventDefault();
  });
  listen('answer', ({ state }) => {
    if (state.context && !running.has(state.messageId)) {
      running.set(state.messageId, state.context.sources.map(sourceOf));
    }
  });
}

/** @param {any} source as the protocol has it @returns {Source} */
function sourceOf({ n, title, quote, document_id: id, passage_id: passage }) {
  const query = new URLSearchParams({ passage, quote });
  return { n, title, quote, href: `/library/${encodeURIComponent(id)}?${query}#p-${passage}` };
}

/** @param {HTMLElement} article @param {number} n @returns {Source | null} */
function storedSource(article, n) {
  const source = article.querySelector(`.source[data-source="${n}"]`);
  const link = source?.querySelector('a');
  const quote = source?.querySelector('blockquote')?.textContent;
  if (!link || !quote) return null;
  return { n, title: link.textContent ?? '', quote, href: link.getAttribute('href') ?? '' };
}

/** @param {Source} source */
function quotePopover({ n, title, quote, href }) {
  const element = fromTemplate('t-quote');
  fill(element, 'n', `[${n}]`);
  fill(element, 'quote', quote);
  const link = /** @type {HTMLAnchorElement} */ (element.querySelector('a'));
  fill(element, 'title', title);
  link.href = href;
  return element;
}

/** Below the marker, or above it where there is no room. @param {HTMLElement} popover @param {Element} cite */
function placeBy(popover, cite) {
  const at = cite.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.max(12, Math.min(at.left, innerWidth - width - 12));
  const below = at.bottom + 6 + height < innerHeight;
  popover.style.setProperty('left', `${Math.round(left)}px`);
  popover.style.setProperty('top', `${Math.round(below ? at.bottom + 6 : Math.max(12, at.top - height - 6))}px`);
}
