// @ts-check
/** An answer that was cut short looks again like one that is being written, and goes on. */

import { newAnswer } from './answer-view.js';
import { slot } from './template.js';

/**
 * @param {HTMLElement} article
 * @returns {() => void} makes it look as before
 */
export function reopenAnswer(article) {
  const fresh = newAnswer();
  const content = /** @type {HTMLElement} */ (slot(article, 'content'));
  const { status } = article.dataset;
  const after = /** @type {HTMLElement} */ (slot(article, 'after'));
  const newAfter = /** @type {HTMLElement} */ (slot(fresh, 'after'));
  const stages = /** @type {HTMLElement} */ (slot(fresh, 'stages'));
  const missing = ['detour', 'warned', 'thinking'].filter((name) => !slot(article, name));
  const added = [stages, ...missing.map((name) => /** @type {HTMLElement} */ (slot(fresh, name)))];
  const wasKept = content.classList.contains('is-kept');

  after.replaceWith(newAfter);
  content.before(...added);
  content.classList.remove('is-kept');
  content.setAttribute('aria-busy', 'true');
  article.dataset['status'] = 'running';

  return () => {
    newAfter.replaceWith(after);
    for (const part of added) part.remove();
    content.classList.toggle('is-kept', wasKept);
    content.removeAttribute('aria-busy');
    article.dataset['status'] = status;
  };
}
