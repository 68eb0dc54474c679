// @ts-check
/** A question in the transcript: shown at once, pending until the server has taken it. */

import { clock } from '../lib/format.js';
import { copyIcon } from './copying.js';
import { renderMarkdown } from '../lib/markdown.js';
import { fetchFragment } from './fragment.js';
import { fill, fromTemplate, slot } from './template.js';

/**
 * The article of a question that is being sent.
 *
 * @param {string} content @param {string} parentId
 */
export function pendingQuestion(content, parentId) {
  const article = fromTemplate('t-question');
  article.removeAttribute('id');
  article.dataset['parentId'] = parentId;
  article.classList.add('is-pending');
  fillQuestion(article, content);
  return article;
}

/**
 * Marks a question as taken: it has its id, its time, and what can be done with it.
 *
 * @param {HTMLElement} article @param {string} conversationId
 * @param {{id: string, content: string, created_at: string}} message as `user_message` brings it
 */
export function takeQuestion(article, conversationId, { id, content, created_at: at }) {
  if (article.dataset['messageId'] === id) return;
  article.classList.remove('is-pending');
  article.id = `m-${id}`;
  article.dataset['messageId'] = id;
  fillQuestion(article, content);
  showTime(article, at);
  const address = `/c/${conversationId}?at=${id}&edit=${id}#m-${id}`;
  article.querySelector('[data-action="edit"]')?.setAttribute('href', address);
}

/**
 * Shows an edited question's versions, which the server counts.
 *
 * @param {HTMLElement} article @param {string} conversationId
 */
export async function showVersions(article, conversationId) {
  const page = await fetchFragment(`/c/${conversationId}/m/${article.dataset['messageId']}`);
  const head = page.querySelector('.msg__head');
  if (head) article.querySelector('.msg__head')?.replaceWith(head);
}

/** @param {HTMLElement} article @param {string} content */
function fillQuestion(article, content) {
  if (slot(article, 'raw')?.textContent === content) return;
  fill(article, 'raw', content);
  const markdown = renderMarkdown(content, { breaks: true, copyIcon: copyIcon() });
  slot(article, 'content')?.replaceChildren(markdown);
}

/** @param {HTMLElement} article @param {string} iso */
function showTime(article, iso) {
  const time = clock(iso);
  fill(article, 'time', time);
  slot(article, 'time')?.setAttribute('datetime', iso);
  const name = slot(article, 'name')?.textContent ?? '';
  article.setAttribute('aria-label', `${name}, ${time}`);
}
