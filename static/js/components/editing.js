// @ts-check
/** A question is edited where it stands, and asked again beside its first version. */

import { growWithText } from './autosize.js';
import { fromTemplate, slot } from './template.js';

/**
 * @param {HTMLElement} column
 * @param {(article: HTMLElement, content: string) => void} ask
 */
export function answerEditing(column, ask) {
  column.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest('[data-action="edit"], [data-action="cancel-edit"]');
    const article = /** @type {HTMLElement | null | undefined} */ (link?.closest('article'));
    // Where the server rendered the editor in place of the text, the link leads back.
    if (!link || !article || !slot(article, 'content')) return;
    event.preventDefault();
    if (link.getAttribute('data-action') === 'edit') openEditor(article);
    else closeEditor(article);
  });
  column.addEventListener('submit', (event) => {
    const form = /** @type {HTMLElement} */ (event.target);
    if (form.dataset['role'] !== 'editor') return;
    event.preventDefault();
    submit(form, ask);
  });
  column.addEventListener('keydown', (event) => {
    const field = /** @type {HTMLElement} */ (event.target);
    const form = /** @type {HTMLFormElement | null} */ (field.closest('[data-role="editor"]'));
    if (!form || event.isComposing) return;
    if (event.key === 'Escape') closeEditor(/** @type {HTMLElement} */ (form.closest('article')));
    else if (event.key === 'Enter' && !event.shiftKey && field.matches('textarea')) form.requestSubmit();
    else return;
    event.preventDefault();
  });
}

/** Opens the last question of the column. @param {HTMLElement} column */
export function editLast(column) {
  const questions = /** @type {NodeListOf<HTMLElement>} */ (
    column.querySelectorAll('article[data-role="user"][data-message-id]')
  );
  const last = questions[questions.length - 1];
  if (last) openEditor(last);
}

/** @param {HTMLElement} article */
function openEditor(article) {
  if (article.querySelector('[data-role="editor"]')) return;
  const content = /** @type {HTMLElement} */ (slot(article, 'content'));
  const form = fromTemplate('t-editor');
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector('textarea'));
  field.id = `edit-${article.dataset['messageId']}`;
  form.querySelector('label')?.setAttribute('for', field.id);
  field.value = slot(article, 'raw')?.textContent ?? '';
  content.hidden = true;
  content.before(form);
  growWithText(field);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

/** @param {HTMLElement} article */
function closeEditor(article) {
  article.querySelector('[data-role="editor"]')?.remove();
  const content = slot(article, 'content');
  if (content) content.hidden = false;
  /** @type {HTMLElement | null} */ (article.querySelector('[data-action="edit"]'))?.focus();
}

/** @param {HTMLElement} form @param {(article: HTMLElement, content: string) => void} ask */
function submit(form, ask) {
  const article = /** @type {HTMLElement} */ (form.closest('article'));
  const content = form.querySelector('textarea')?.value.trim() ?? '';
  // The editor stays open in the question that is taken out: it comes back if the server refuses.
  if (content !== '') ask(article, content);
}
