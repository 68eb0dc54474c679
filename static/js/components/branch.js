// @ts-check
/** The path of messages that the column shows: taking its end out, putting it back, bringing it up to date. */

/**
 * Takes `first` and all that follows out of the column.
 *
 * @param {Element} first
 * @returns {() => void} puts it back
 */
export function takeOut(first) {
  const parent = /** @type {Element} */ (first.parentElement);
  const taken = [first];
  for (let next = first.nextElementSibling; next; next = next.nextElementSibling) taken.push(next);
  for (const element of taken) element.remove();
  return () => parent.append(...taken);
}

/**
 * Makes the column show the path of `fresh`. What both show stays untouched; older messages that are
 * loaded already stay above.
 *
 * @param {Element} column @param {Element} fresh a column as the server renders it now
 */
export function updatePath(column, fresh) {
  const articles = [...fresh.querySelectorAll(':scope > article')];
  const start = articles[0] && findById(column, articles[0].id);
  if (!start) return column.replaceChildren(...fresh.children);
  /** @type {Element | null} */
  let here = start;
  for (const article of articles) {
    if (here && here.id === article.id && !isRunning(here)) {
      here = here.nextElementSibling;
      continue;
    }
    if (here) takeOut(here);
    here = null;
    column.append(article);
  }
  if (here) takeOut(here);
}

/** @param {Element} column @param {string} id */
function findById(column, id) {
  return column.querySelector(`#${CSS.escape(id)}`);
}

/** @param {Element} article */
function isRunning(article) {
  return /** @type {HTMLElement} */ (article).dataset['status'] === 'running';
}
