// @ts-check
/** Short news at the foot of the page. They stay while somebody points at them or has them in focus. */

import { listen } from '../events.js';
import { fill, fromTemplate } from './template.js';

const SHOWN_MS = 6000;

/** @param {HTMLElement} place */
export function mount(place) {
  listen('toast', ({ text, kind = 'info' }) => place.append(toast(text, kind)));
}

/** @param {string} text @param {string} kind */
function toast(text, kind) {
  const element = fromTemplate('t-toast');
  element.dataset['kind'] = kind;
  fill(element, 'text', text);
  const use = element.querySelector('use');
  if (kind === 'bad') use?.setAttribute('href', String(use.getAttribute('href')).replace('#i-check', '#i-alert'));
  element.querySelector('[data-action="dismiss"]')?.addEventListener('click', () => element.remove());
  const leave = () => {
    if (element.matches(':hover, :focus-within')) setTimeout(leave, SHOWN_MS);
    else element.remove();
  };
  setTimeout(leave, SHOWN_MS);
  return element;
}
