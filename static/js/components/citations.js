// @ts-check
/**
 * The quote behind a marker [n]: opens where the marker is, by pointer, touch and keyboard. While an
 * answer is still written its sources come from the run; afterwards from what the page shows of it.
 */

import { listen } from '../events.js';
import { fill, fromTemplate, slot } from './template.js';

/** @typedef {{n: number, title: string, quote: string, href: string, place: string, where: string}} Source `place` is the host of a page elsewhere, `where` the page of a document */

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
    if (state.context) running.set(state.messageId, state.context.sources.map(sourceOf));
  });
}

/** @param {any} source as the protocol has it @returns {Source} */
function sourceOf({ n, title, quote, document_id: id, passage_id: passage, url, place: where = '' }) {
  const place = url ? placeOf(url) : '';
  if (url) return { n, title, quote, href: place && url, place, where: '' };
  const query = new URLSearchParams({ passage, quote });
  const href = `/library/${encodeURIComponent(id)}?${query}#quote`;
  return { n, title, quote, href, place: '', where };
}

/** The host of an address that may be opened. @param {string} url */
function placeOf(url) {
  if (!URL.canParse(url)) return '';
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? hostname : '';
}

/** @param {HTMLElement} article @param {number} n @returns {Source | null} */
function storedSource(article, n) {
  const source = article.querySelector(`.source[data-source="${n}"]`);
  if (!source) return null;
  return {
    n,
    title: slot(source, 'title')?.textContent ?? '',
    quote: slot(source, 'quote')?.textContent ?? '',
    href: source.querySelector('a')?.getAttribute('href') ?? '',
    place: slot(source, 'place')?.textContent ?? '',
    where: slot(source, 'where')?.textContent ?? '',
  };
}

/** @param {Source} source */
function quotePopover({ n, title, quote, href, place, where }) {
  const element = fromTemplate(place ? 't-quote-page' : 't-quote');
  fill(element, 'n', `[${n}]`);
  fill(element, 'title', title || place);
  fill(element, 'place', place);
  fill(element, 'where', where);
  fill(element, 'quote', quote);
  const box = slot(element, 'quote');
  if (box) box.hidden = quote === '';
  const link = element.querySelector('a');
  if (href) link?.setAttribute('href', href);
  else link?.removeAttribute('href');
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
