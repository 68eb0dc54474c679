// @ts-check
/**
 * What happens in everything this person may see, while the page is looked at. A hidden page keeps no
 * connection; whoever comes back looks anew. Who else has the open conversation before them is told
 * where it is shared.
 */

import { emit, listen } from '../events.js';

export function readNews() {
  /** @type {EventSource | null} */
  let source = null;
  let hasMissed = false;
  let place = '';

  function open() {
    place = roomOfPage();
    source = new EventSource(place ? `/api/events?conversation=${place}` : '/api/events');
    source.addEventListener('hello', () => {
      if (hasMissed) emit('resync', {});
      hasMissed = true;
    });
    source.addEventListener('resync', () => emit('resync', {}));
    source.addEventListener('run', (event) => emit('news', JSON.parse(event.data)));
    source.addEventListener('presence', (event) => emit('presence', JSON.parse(event.data)));
    source.addEventListener('conversation', (event) => emit('conversation', JSON.parse(event.data)));
  }

  function turn() {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) open();
  }

  // A new conversation is a room from its first question on.
  listen('added', () => {
    if (!source || place === roomOfPage()) return;
    source.close();
    open();
  });
  document.addEventListener('visibilitychange', turn);
  addEventListener('pagehide', () => source?.close());
  turn();
}

/** The id of the shared conversation that the page shows, or nothing. */
function roomOfPage() {
  const shown = /** @type {HTMLElement | null} */ (document.querySelector('[data-module~="presence"]'));
  return shown?.dataset['conversation'] ?? '';
}
