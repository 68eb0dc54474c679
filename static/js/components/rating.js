// @ts-check
/**
 * Thumbs up and down: sends the forms of chat/rating.html without leaving the page, and shows what the
 * server then has. After a thumb the place for the reason is open; the focus stays where it was.
 */

import { callApi } from '../lib/api.js';
import { emit } from '../events.js';
import { fetchFragment } from './fragment.js';
import { slot } from './template.js';

const SLOTS = ['thumbs', 'rating'];

/** @param {HTMLElement} column */
export function answerRatings(column) {
  column.addEventListener('submit', (event) => {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    const article = form?.closest('article');
    if (form?.dataset['role'] !== 'rate' || !article) return;
    event.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    send(form, button?.value ?? '', article).catch(tellFailure);
  });
}

/** @param {HTMLFormElement} form @param {string} value good, poor or none @param {HTMLElement} article */
async function send(form, value, article) {
  const address = `/api/messages/${form.dataset['message']}/rating`;
  const isThumb = form.dataset['slot'] === 'thumbs';
  const thumb = isThumb && form.contains(document.activeElement)
    ? /** @type {HTMLElement} */ (document.activeElement).dataset['thumb'] : undefined;
  if (value === 'none') await callApi('DELETE', address);
  else await callApi('PUT', address, { good: value === 'good', ...reasonOf(form) });
  await showStored(article, isThumb && value !== 'none');
  focusAfter(article, thumb, isThumb);
  emit('said', { text: value === 'none' ? 'Your rating is withdrawn.' : 'Your rating is saved.' });
}

/** @param {HTMLFormElement} form */
function reasonOf(form) {
  const typed = new FormData(form);
  return { reason: String(typed.get('reason') ?? ''), note: String(typed.get('note') ?? '') };
}

/** @param {HTMLElement} article @param {boolean} opened */
async function showStored(article, opened) {
  const stored = await fetchFragment(article.dataset['url'] ?? '');
  for (const name of SLOTS) {
    const [old, fresh] = [slot(article, name), slot(stored, name)];
    if (old && fresh) old.replaceWith(fresh);
  }
  const details = article.querySelector('details.rating');
  if (details instanceof HTMLDetailsElement) details.open = opened;
}

/** @param {HTMLElement} article @param {string | undefined} thumb @param {boolean} isThumb */
function focusAfter(article, thumb, isThumb) {
  const place = isThumb ? `[data-thumb="${thumb}"]` : 'details.rating > summary, [data-thumb]';
  if (thumb || !isThumb) /** @type {HTMLElement | null} */ (article.querySelector(place))?.focus();
}

/** @param {any} problem */
function tellFailure(problem) {
  emit('toast', { text: problem?.detail ?? 'The rating could not be saved. Try again.', kind: 'bad' });
}
