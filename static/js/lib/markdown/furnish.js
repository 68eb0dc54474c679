// @ts-check
/**
 * Turns sanitised HTML into the page's own elements: code blocks with a head,
 * source markers, links that leave the page, tables that scroll.
 * Works on fragments that are not in the page yet.
 */

import { isInside } from './addresses.js';

/**
 * @typedef {import('./dialect.js').Source} Source
 * @typedef {object} Furniture
 * @property {ReadonlyMap<number, Source>} sources
 * @property {(n: number) => string} anchor
 * @property {string} copyIcon address of the symbol on a copy button, "" for none
 */

const SVG = 'http://www.w3.org/2000/svg';
const NAMELESS = 'code';

/**
 * @param {DocumentFragment} fragment @param {Furniture} furniture
 */
export function furnish(fragment, furniture) {
  for (const pre of fragment.querySelectorAll('pre')) {
    const { figure } = codeFigure(pre.dataset['lang'] ?? '', pre.textContent ?? '', furniture);
    pre.replaceWith(figure);
  }
  for (const image of fragment.querySelectorAll('img')) showPicture(image);
  for (const link of fragment.querySelectorAll('a')) leaveThePage(link);
  for (const cite of fragment.querySelectorAll('cite')) showSource(cite, furniture);
  for (const table of fragment.querySelectorAll('table')) letScroll(table);
}

/**
 * The element of a code block, and inside it the one that holds the text.
 *
 * @param {string} language "" where none is named @param {string} text
 * @param {Furniture} furniture
 */
export function codeFigure(language, text, { copyIcon }) {
  const figure = element('figure', { class: 'code' });
  const head = element('figcaption', { class: 'code__head' });
  const name = element('span');
  name.textContent = language || NAMELESS;
  head.append(name, copyButton(copyIcon));
  const pre = element('pre', { tabindex: '0', role: 'group', 'aria-label': language || NAMELESS });
  const code = element('code', language ? { 'data-language': language } : {});
  code.textContent = text;
  pre.append(code);
  figure.append(head, pre);
  return { figure, code };
}

/** @param {string} symbol */
function copyButton(symbol) {
  const button = element('button', { class: 'btn btn--quiet', type: 'button', 'data-copy': '' });
  button.textContent = 'Copy';
  if (symbol === '') return button;
  const icon = document.createElementNS(SVG, 'svg');
  icon.setAttribute('class', 'icon icon--s');
  icon.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', symbol);
  icon.append(use);
  button.prepend(icon);
  return button;
}

/** @param {HTMLAnchorElement} link */
function leaveThePage(link) {
  if (isInside(link.getAttribute('href') ?? '')) return;
  link.setAttribute('rel', 'noopener noreferrer nofollow');
  link.setAttribute('target', '_blank');
}

/** @param {Element} cite @param {Furniture} furniture */
function showSource(cite, { sources, anchor }) {
  const n = Number(cite.getAttribute('data-n'));
  const source = sources.get(n);
  if (!cite.hasAttribute('data-n')) return;
  if (!source || cite.closest('code, a')) return cite.replaceWith(cite.textContent ?? '');
  const link = element('a', {
    class: 'cite', href: `#${anchor(n)}`, 'data-source': String(n),
    'aria-label': source.title ? `Source ${n}: ${source.title}` : `Source ${n}`,
  });
  link.textContent = `[${n}]`;
  return cite.replaceWith(link);
}

/**
 * A picture becomes a link to it: showing it would tell its server who reads.
 *
 * @param {HTMLImageElement} image
 */
function showPicture(image) {
  const address = image.getAttribute('src') ?? '';
  const words = image.getAttribute('alt') || address;
  if (address === '' || image.closest('a')) return image.replaceWith(words);
  const link = element('a', { href: address });
  link.textContent = words;
  return image.replaceWith(link);
}

/**
 * A table that is wider than the page scrolls by itself.
 *
 * @param {HTMLTableElement} table
 */
function letScroll(table) {
  const frame = element('div', {
    class: 'md__table', tabindex: '0', role: 'group', 'aria-label': 'Table',
  });
  table.replaceWith(frame);
  frame.append(table);
}

/** @param {string} name @param {Record<string, string>} [attributes] */
function element(name, attributes = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
