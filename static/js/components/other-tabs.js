// @ts-check
/** An answer that somebody started elsewhere is shown here, too. */

import { callApi } from '../lib/api.js';
import { emit, listen } from '../events.js';
import { updatePath } from './branch.js';
import { fetchFragment } from './fragment.js';

/**
 * @typedef {ReturnType<typeof import('./place.js').createPlace>} Place
 * @typedef {ReturnType<typeof import('./conversing.js').createConversing>} Conversing
 */

/**
 * @param {HTMLElement} column @param {Place} place @param {Conversing} conversing
 */
export function keepUpWithOthers(column, place, conversing) {
  async function lookAnew() {
    // Somebody who looks at an older version is not taken away from it.
    if (!place.id || conversing.isBusy || location.search) return;
    const page = await fetchFragment(`/c/${place.id}`);
    const fresh = page.querySelector('[data-role="messages"]');
    if (!fresh || conversing.isBusy) return;
    updatePath(column, fresh);
    emit('added', { root: column });
    conversing.followRunning();
  }

  async function lookIfChanged() {
    if (!place.id || conversing.isBusy) return;
    const { leaf_id: leaf, running } = await callApi('GET', `/api/conversations/${place.id}`);
    const last = /** @type {HTMLElement | null} */ (column.lastElementChild);
    if (running || last?.dataset['messageId'] !== leaf) await lookAnew();
  }

  listen('news', ({ happening, conversation_id: id }) => {
    if (happening === 'started' && id === place.id) quietly(lookAnew);
  });
  listen('resync', () => {
    lookIfChanged().catch(leaveIfGone);
  });
}

/** What the reader may not see any more is not shown any more. @param {unknown} problem */
function leaveIfGone(problem) {
  if (/** @type {{code?: string}} */ (problem)?.code === 'not_found') location.reload();
}

/** What could not be looked up now is looked up with the next news. @param {() => Promise<void>} work */
function quietly(work) {
  work().catch(() => {});
}
