// @ts-check
/**
 * What happens in everything this person may see, while the page is looked at. A hidden page keeps no
 * connection; whoever comes back looks anew.
 */

import { emit } from '../events.js';

export function readNews() {
  /** @type {EventSource | null} */
  let source = null;
  let hasMissed = false;

  function open() {
    source = new EventSource('/api/events');
    source.addEventListener('hello', () => {
      if (hasMissed) emit('resync', {});
      hasMissed = true;
    });
    source.addEventListener('resync', () => emit('resync', {}));
    source.addEventListener('run', (event) => emit('news', JSON.parse(event.data)));
    source.addEventListener('conversation', (event) => emit('conversation', JSON.parse(event.data)));
  }

  function turn() {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) open();
  }

  document.addEventListener('visibilitychange', turn);
  addEventListener('pagehide', () => source?.close());
  turn();
}
